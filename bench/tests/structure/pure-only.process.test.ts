/** Pure tests must stay pure: each of these files fails under their setup, with the reason. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const setup = fileURLToPath(new URL('../fixtures/helpers/pure-only.ts', import.meta.url));
const launch = JSON.stringify(join(root, 'bench/system/launch.ts'));

/** Name → code of a test, and the expected complaint; without one, the code is allowed. */
const bodies: Record<string, [code: string, complaint?: string]> = {
  spawn: ["childProcess.spawn('true')", 'child_process.spawn'],
  fork: ["childProcess.fork('nothing.js')", 'child_process.fork'],
  sync: ["childProcess.execFileSync('true')", 'child_process.execFileSync'],
  imported: [
    `(await import(${launch})).launch(['true'], { cores: undefined, stdio: 'ignore' })`,
    'child_process.spawn',
  ],
  listen: ["http.createServer().listen(0, '127.0.0.1')", 'net.Server.listen'],
  connect: ['net.connect(9)', 'net.connect'],
  socket: ["new net.Socket().connect(9, '127.0.0.1')", 'net.Socket.connect'],
  fetched: ["await fetch('http://127.0.0.1:65534/')", 'net.connect'],
  worker: ["new Worker('0', { eval: true })", 'worker_threads.Worker'],
  timeout: ['await new Promise((go) => setTimeout(go, 60))', 'setTimeout of 60 ms'],
  slept: ["await (await import('node:timers/promises')).setTimeout(60)", 'setTimeout of 60 ms'],
  interval: ['clearInterval(setInterval(() => {}, 1_000))', 'setInterval of 1000 ms'],
  soon: ['await new Promise((go) => setTimeout(go, 5))'],
  fake: ['vi.useFakeTimers(); setTimeout(() => {}, 9_000); vi.useRealTimers()'],
};

let folder = '';
let report: { testResults: { name: string; assertionResults: { failureMessages: string[] }[] }[] };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ssebench-'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const [name, [code]] of Object.entries(bodies)) {
    writeFileSync(
      join(folder, `${name}.test.ts`),
      `import * as childProcess from 'node:child_process';
       import http from 'node:http';
       import net from 'node:net';
       import { Worker } from 'node:worker_threads';
       import { test, vi } from 'vitest';
       test('it', async () => { ${code}; });`,
    );
  }
  const setupFiles = JSON.stringify([setup]);
  writeFileSync(
    join(folder, 'vitest.config.ts'),
    // As for the pure tests, except that one worker runs all files, so that each follows others.
    `export default {
      test: { setupFiles: ${setupFiles}, pool: 'threads', isolate: false, maxWorkers: 1 },
    };`,
  );
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const run = ['run', '--root', folder, '--reporter=json', '--outputFile=report.json'];
  await new Promise<void>((resolve) => {
    execFile(process.execPath, [vitest, ...run], { cwd: folder }, () => resolve());
  });
  report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(Object.entries(bodies))('%s', (name, [code, complaint]) => {
  const failures = () =>
    report.testResults
      .filter((each) => each.name.endsWith(`/${name}.test.ts`))
      .flatMap(({ assertionResults }) => assertionResults.flatMap((each) => each.failureMessages));

  test(`${code}: ${complaint === undefined ? 'passes' : 'fails'}`, () => {
    expect(failures().join('\n')).toMatch(complaint ?? /^$/);
  });
});
