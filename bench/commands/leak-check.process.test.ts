/**
 * `--leak-check` end to end: its findings are in the result, in the reports and on the terminal.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exitCodes } from '../result/exit-codes.ts';
import { readResult } from '../report/read-result.ts';
import { valueOf } from '../scenario/complaint.ts';

const cli = fileURLToPath(new URL('../cli.ts', import.meta.url));
const short = [
  '--streams',
  '20',
  '--rounds',
  '1',
  '--interval',
  '20ms',
  '--ramp',
  '200ms',
  '--warmup',
  '200ms',
  '--duration',
  '500ms',
];

let folder = '';
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'ssebench-'))));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...args: string[]) =>
  spawnSync(process.execPath, [cli, 'run', ...args], { encoding: 'utf8' });

test('each server is checked after the measurement, and the result has its verdict', () => {
  const { stdout, stderr } = run('node-http', ...short, '--leak-check', '--out', folder);
  expect(stdout).toMatch(
    /clean {2}node-http: clean after 750 disconnects: graceful close, reset, .*\(inspected with V8’s inspector\)/,
  );
  expect(stderr).toContain('node-http: leak check, clean');
  const result = valueOf(readResult(folder));
  expect(result.leaks).toMatchObject([
    { server: 'node-http', state: 'clean', inspection: 'inspector' },
  ]);
  expect(result.command).toContain('--leak-check');
  expect(readFileSync(join(folder, 'report.html'), 'utf8')).toContain(
    'clean after 750 disconnects',
  );
  expect(readFileSync(join(folder, 'report.md'), 'utf8')).toContain('clean after 750 disconnects');
});

test('a soak of reference servers ends with a leak check', () => {
  const plan = (server: string) => run(server, '--scenario', 'soak', '--plan').stdout;
  expect(plan('node-http')).toContain('Then: a leak check of each server with a known process');
  expect(plan('http://127.0.0.1:9/event')).not.toContain('leak check');
});

test('a URL is refused before anything starts', () => {
  const { status, stderr } = run('http://127.0.0.1:9/event', '--leak-check');
  expect(status).toBe(exitCodes.badInput);
  expect(stderr).toContain(
    '--leak-check: http://127.0.0.1:9/event is a URL, and a leak check needs the server’s process; leave it out, or give the server by --url, with --pid or with its command after --',
  );
});
