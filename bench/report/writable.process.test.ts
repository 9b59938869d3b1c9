/** Runs that check and reserve the same new folder at the same moment. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ssebench-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/**
 * A process leaves a folder that it has created if another one is using it. So empty folders may be
 * left, but no files.
 */
const files = () =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());

/** In each of these processes, the trials of the others remove the folder again and again. */
const [processes, turns] = [3, 200];

/** Starts a process that evaluates an expression many times, once it gets a line. */
async function start(expression: string) {
  const child = spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { once } from 'node:events';
      import { claimFolder, whyNotWritable } from ${JSON.stringify(new URL('writable.ts', import.meta.url))};
      const folder = ${JSON.stringify(join(folder, 'new/deep'))};
      const counts = {};
      process.stderr.write('ready');
      await once(process.stdin, 'data');
      for (let turn = 0; turn < ${turns}; turn++) {
        const outcome = ${expression};
        counts[outcome] = (counts[outcome] ?? 0) + 1;
      }
      console.log(JSON.stringify(counts));
      process.exit();`,
    ],
    { stdio: 'pipe' },
  );
  await once(child.stderr, 'data');
  return async () => {
    child.stdin.write('go\n');
    return JSON.parse(await text(child.stdout)) as Record<string, number>;
  };
}

/** @returns how often each outcome occurred in each process */
async function atOnce(expression: string) {
  const all = await Promise.all(Array.from({ length: processes }, () => start(expression)));
  return Promise.all(all.map((go) => go()));
}

test('each check finds the folder writable, and leaves no file behind', async () => {
  expect(await atOnce("whyNotWritable(folder) ?? 'writable'")).toEqual(
    Array.from({ length: processes }, () => ({ writable: turns })),
  );
  expect(files()).toEqual([]);
});

test('a reservation fails only if another run has the folder', async () => {
  const reserve = `((claim) => claim.ok ? (claim.value.release(), 'reserved') : claim.complaints.join())(
    claimFolder(folder, { turn, pid: process.pid }))`;
  for (const { reserved = 0, 'already holds a result': held = 0, ...others } of await atOnce(
    reserve,
  )) {
    expect(others).toEqual({});
    expect(reserved + held).toBe(turns);
  }
  expect(files()).toEqual([]);
});
