/** Checks of servers that a command starts. All run at the same time, because a check mostly waits. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import type { EndpointResult } from '../result/endpoint-result.ts';
import { plainRequest } from '../scenario/request-options.ts';
import { freePort } from '../tests/fixtures/helpers/free-port.ts';
import { checkOwnServer, checkServerAt } from './own-server.ts';

/** A server that ends does not need it, however slow the machine is. */
const usualGraceMs = 60_000;
/** For servers that do not end. */
const shortGraceMs = 1_500;
const results = new Map<string, EndpointResult>();
/** Whether a server that was given by its pid runs after the check. */
const isRunning = new Map<string, boolean>();

/** @param script of a shell, with `PORT` and `SERVERS`, the folder of the servers */
async function check(name: string, script: string, graceMs = usualGraceMs) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/event?interval=20`;
  const servers = fileURLToPath(new URL('../tests/fixtures/servers', import.meta.url));
  const command = {
    kind: 'command',
    command: ['sh', '-c', script],
    cwd: null,
    env: { PORT: String(port), SERVERS: servers, NODE: process.execPath },
    readyWhen: null,
    readyWithinMs: 20_000,
  } as const;
  const endpoint = { url, request: plainRequest, origin: null, watchMs: 2_000 };
  results.set(name, await checkOwnServer(endpoint, command, new AbortController().signal, graceMs));
}

/** Checks a server that already runs when the check starts. */
async function checkRunning(name: string) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/event?interval=20`;
  const file = fileURLToPath(new URL(`../tests/fixtures/servers/${name}.ts`, import.meta.url));
  const child = spawn(process.execPath, [file, '--port', String(port)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(child, 'exit');
  await once(child.stdout, 'data'); // that it listens
  const endpoint = { url, request: plainRequest, origin: null, watchMs: 2_000 };
  const running = { kind: 'pid', pid: child.pid! } as const;
  try {
    const { signal } = new AbortController();
    results.set(`${name} by its pid`, await checkServerAt(endpoint, running, signal));
    isRunning.set(name, child.exitCode === null && child.signalCode === null);
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
}

const server = (name: string) => `"$NODE" "$SERVERS/${name}.ts" --port "$PORT"`;

beforeAll(async () => {
  await Promise.all([
    check('orderly', `exec ${server('ends-streams-properly')}`),
    check('in an event', `exec ${server('exits-at-once')}`),
    check('ignored', `exec ${server('never-exits')}`, shortGraceMs),
    check('behind a shell', `${server('never-exits')}; exit`, shortGraceMs),
    check('no start', 'echo "Error: no database, token=abcdef0123456789" >&2; exit 7'),
    check('a crash', `exec ${server('dies-midway')}`),
    checkRunning('dies-midway'),
    checkRunning('ends-streams-properly'),
  ]);
});

const shutdownFindings = (name: string) =>
  results.get(name)!.findings.flatMap((each) => (each.topic === 'shutdown' ? each.name : []));

test('a server that ends its streams has no finding', () => {
  const { fine, observations } = results.get('orderly')!;
  expect(fine).toContain('shutdown');
  expect(observations.shutdown).toMatchObject({ ended: 3, cut: 0, open: 0, wasKilled: false });
});

test.each([
  ['in an event', ['cut-in-event-at-shutdown', 'cut-at-shutdown']],
  ['ignored', ['ignores-sigterm']],
  ['behind a shell', ['signal-not-forwarded']],
])('a server that ends %s', (name, names) => {
  expect(shutdownFindings(name)).toEqual(names);
});

test('a server that ends by itself has crashed', () => {
  expect(shutdownFindings('a crash')).toEqual(['crash']);
  expect(results.get('a crash')!.findings).toContainEqual(
    expect.objectContaining({
      name: 'crash',
      evidence: expect.stringContaining('exit code 7; last output: ') as string,
    }),
  );
});

test('a server given by its pid may end during the check', () => {
  const { findings } = results.get('dies-midway by its pid')!;
  expect(findings).toContainEqual(
    expect.objectContaining({
      name: 'crash',
      evidence: expect.stringMatching(/^process \d+ ended during the check$/) as string,
    }),
  );
});

test('a server given by its pid runs on after the check', () => {
  expect(shutdownFindings('ends-streams-properly by its pid')).toEqual([]);
  expect(isRunning.get('ends-streams-properly')).toBe(true);
});

test('a server that does not start is not reached, with its last output', () => {
  const { unreachable } = results.get('no start')!;
  expect(unreachable).toContain(
    'the server did not start: exit code 7; last output: Error: no database',
  );
  expect(unreachable).not.toContain('abcdef');
});
