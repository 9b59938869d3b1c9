/** Every example of docs/api.md, each as a program of its own that imports the package. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../tests/fixtures/helpers/free-port.ts';
import { nothingLeftRunning, watchChildren } from '../tests/fixtures/helpers/watch-children.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(join(root, 'docs/api.md'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'ssebench-'));
const outputs = new Map<string, { code: number; stdout: string; stderr: string }>();
nothingLeftRunning(watchChildren(), () => [], afterAll);
afterAll(() => rmSync(folder, { recursive: true }));

/** A server that the example of leaks starts. It never clears its timers. */
const leaky = (port: number) => `
  require('node:http').createServer((_, res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    setInterval(() => res.write('data: 1\\n\\n'), 50);
  }).listen(${port}, '127.0.0.1');`;

beforeAll(async () => {
  const server = createServer((_, res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    const timer = setInterval(() => res.write('data: 1\n\n'), 50);
    res.on('close', () => clearInterval(timer));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const leakyPort = await freePort();
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules/ssebench'));
  writeFileSync(join(folder, 'server.js'), leaky(leakyPort));
  await Promise.all(
    [...page.matchAll(/^## (.*)\n[^]*?```ts\n([^]*?)```/gm)].map(async ([, title, code]) => {
      const short = code!
        .replaceAll(':3000/', `:${title === 'Find leaks' ? leakyPort : port}/`)
        .replaceAll("duration: '5s'", "duration: '1s', ramp: '100ms', warmup: '1s'")
        .replace("watch: '65s'", "watch: '5s'")
        .replace("modes: ['close', 'reset'], deadline: '2s'", "modes: ['close'], deadline: '1s'");
      outputs.set(
        title!,
        await outputOf(short, `${outputs.size}-${title!.replaceAll(' ', '-')}.mts`),
      );
    }),
  );
  server.closeAllConnections();
  server.close();
});

async function outputOf(code: string, name: string) {
  writeFileSync(join(folder, name), code);
  const child = spawn(process.execPath, [name], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text: string) => (output[stream] += text));
  const [exitCode] = (await once(child, 'close')) as [number];
  return { code: exitCode, ...output };
}

/** The printed lines. The functions themselves print nothing, so all are those of the example. */
function linesOf(title: string): string[] {
  const { stdout, ...others } = outputs.get(title)!;
  expect(others).toEqual({ code: 0, stderr: '' });
  return stdout.trimEnd().split('\n');
}

test('run measures, and judges expectations', () => {
  expect(linesOf('Measure')).toEqual([
    expect.stringMatching(/^mine: first event after /),
    expect.stringMatching(/^failed = 0: (held|unknown)$/),
  ]);
});

test('check finds what is wrong', () => {
  const [first, ...findings] = linesOf('Check an endpoint');
  expect(first).toMatch(/^exit code [03]$/);
  expect(findings.join('\n')).toContain('info: ');
});

test('findLeaks finds a timer', () => {
  const [state, ...report] = linesOf('Find leaks');
  expect(state).toBe('leaking 4');
  expect(report[0]).toContain('mine');
  expect(report.join('\n')).toContain('setInterval 50 ms at ');
  const junit = readFileSync(join(folder, 'results/leaks.xml'), 'utf8');
  expect(junit).toMatch(/<testsuite name="mine" .*failures="1"/);
});

test('compare gives no verdict without enough rounds, which is not a pass', () => {
  const [outcome, ...metrics] = linesOf('Compare two results');
  expect(outcome).toBe('unjudged');
  for (const metric of metrics) expect(metric).toMatch(/^[a-z].*: no verdict$/);
});

test('a signal stops a run, which keeps its rounds', () => {
  const lines = linesOf('Follow and stop a run');
  expect(lines.at(-1)).toBe('1 round, partial, exit code 130');
  expect(lines.slice(0, -1)).toContainEqual(expect.stringMatching(/^measure: \d+ streams$/));
});

test('bad input has all complaints', () => {
  expect(linesOf('Errors')).toEqual([
    'run: streams 0: must be a whole number from 1 to 1,000,000, such as 1000',
    'slowBytes 5: has no effect without slowReaders; add slowReaders, or leave it out',
  ]);
});
