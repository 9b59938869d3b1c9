/** Checks of servers that a command starts. All run at the same time, because a check mostly waits. */
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import type { EndpointResult } from '../result/endpoint-result.ts';
import { plainRequest } from '../scenario/request-options.ts';
import { freePort } from '../tests/fixtures/helpers/free-port.ts';
import { checkOwnServer } from './own-server.ts';

/** A server that ends does not need it, however slow the machine is. */
const usualGraceMs = 60_000;
/** For servers that do not end. */
const shortGraceMs = 1_500;
const results = new Map<string, EndpointResult>();

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

const server = (name: string) => `"$NODE" "$SERVERS/${name}.ts" --port "$PORT"`;

beforeAll(async () => {
  await Promise.all([
    check('orderly', `exec ${server('ends-streams-properly')}`),
    check('in an event', `exec ${server('exits-at-once')}`),
    check('ignored', `exec ${server('never-exits')}`, shortGraceMs),
    check('behind a shell', `${server('never-exits')}; exit`, shortGraceMs),
    check('no start', 'echo "Error: no database, token=abcdef0123456789" >&2; exit 7'),
    check('a crash', `exec ${server('dies-midway')}`),
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

test('a server that does not start is not reached, with its last output', () => {
  const { unreachable } = results.get('no start')!;
  expect(unreachable).toContain(
    'the server did not start: exit code 7; last output: Error: no database',
  );
  expect(unreachable).not.toContain('abcdef');
});
