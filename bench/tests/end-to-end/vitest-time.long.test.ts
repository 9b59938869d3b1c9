/**
 * The matcher with a check that needs more time than its test has: the example of the docs, in a
 * separate Vitest.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, test } from 'vitest';
import { nothingLeftRunning, watchChildren } from '../fixtures/helpers/watch-children.ts';

// The tests run concurrently, so leftover processes are checked at the end.
nothingLeftRunning(watchChildren(), () => [], afterAll);

const repository = fileURLToPath(new URL('../../..', import.meta.url));
const [, example] = /## Check a server in your own tests\n[^`]*```ts\n([^]*?)```/.exec(
  readFileSync(join(repository, 'docs/leaks.md'), 'utf8'),
)!;

/** Runs the example with these changes. */
async function runExample(...changes: [string, string][]) {
  let text = example!.replace(
    "'ssebench/vitest'",
    JSON.stringify(join(repository, 'bench/vitest.ts')),
  );
  for (const [from, to] of changes) {
    if (!text.includes(from)) throw new Error(`the example has no ${from}`);
    text = text.replace(from, to);
  }
  const folder = mkdtempSync(join(tmpdir(), 'ssebench-'));
  try {
    symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
    writeFileSync(join(folder, 'events.test.ts'), text);
    const own = Object.fromEntries(
      Object.entries(process.env).filter(
        ([name]) => !/^VITEST|^NODE_ENV$|^CI$|^GITHUB_/.test(name),
      ),
    );
    const vitest = join(repository, 'node_modules/vitest/vitest.mjs');
    const child = spawn(process.execPath, [vitest, 'run', '--root', folder, '--no-color'], {
      env: own,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (piece) => (output += piece));
    child.stderr.on('data', (piece) => (output += piece));
    const [code] = (await once(child, 'close')) as [number];
    return { code, output, lines: text.split('\n') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const leaking: [string, string] = ["  res.on('close', () => clearInterval(timer));\n", ''];
/**
 * The second mode never finishes: events this small do not fill the buffers of a client that does
 * not read.
 */
const neverFinished = checking("modes: ['close', 'blocked', 'stop-reading'], patience: '10m'");
function checking(settings: string): [string, string] {
  return ['toReleaseStreams()', `toReleaseStreams({ streams: 5, deadline: '1s', ${settings} })`];
}

/**
 * Time limits of the test in ms. On a slow machine, the first mode or the cleanup needs a longer
 * one.
 */
const limits = ['20_000', '40_000', '80_000', '160_000', '320_000'];

/** Runs the example with these changes, and with a longer limit until its output is as described. */
async function runInTime(isInTime: (output: string) => boolean, ...changes: [string, string][]) {
  let found: Awaited<ReturnType<typeof runExample>>;
  for (const limit of limits) {
    found = await runExample(...changes, ['60_000', limit]);
    if (isInTime(found.output)) break;
  }
  return found!;
}

describe.concurrent('a check that needs more time than its test has', { timeout: 700_000 }, () => {
  test('it reports the leaks found so far, and the modes not tried', async ({ expect }) => {
    const { code, output, lines } = await runInTime(
      (text) => text.includes('not finished: abort'),
      leaking,
      neverFinished,
    );
    const line = lines.findIndex((text) => text.includes('setInterval')) + 1;
    expect(output).toMatch(
      new RegExp(
        `LEAK {2}graceful close: 1\\.00 timers per disconnect \\((\\d+) after \\1 disconnects\\): setInterval 100 ms at .*events\\.test\\.ts:${line}, not released`,
      ),
    );
    expect(output).toMatch(
      /the time limit of \d+\.\d s was reached; modes not finished: abort under backpressure, stop reading/,
    );
    expect(output).not.toContain('Test timed out');
    expect(code).toBe(1);
  });

  test('it fails if it found nothing, with advice', async ({ expect }) => {
    const { code, output } = await runInTime(
      (text) => !text.includes('Test timed out'),
      neverFinished,
    );
    expect(output).toMatch(
      /NOT INSPECTED .*the time limit of \d+\.\d s was reached; .*; allow more time, or choose fewer modes/,
    );
    expect(output).not.toContain('Test timed out');
    expect(code).toBe(1);
  });
});
