/** One endpoint per finding. Most are checked at the same time, because a check mostly waits. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EndpointResult } from '../result/endpoint-result.ts';
import { plainRequest } from '../scenario/request-options.ts';
import { faultyEndpoints } from '../tests/fixtures/servers/faulty-endpoints.ts';
import { checkEndpoint } from './check.ts';
import { shutdown } from './topics/shutdown.ts';
import { topics } from './topics/topics.ts';

const program = fileURLToPath(
  new URL('../tests/fixtures/servers/faulty-endpoints-process.ts', import.meta.url),
);
/** Long enough for the events of all but a few endpoints, also on a busy machine. */
const usualWatchMs = 3_000;
/** Endpoints that start at the same moment would delay each other's headers. */
const apartMs = 20;

let server: ChildProcess;
let port: number;
const checks = new Map<string, Promise<EndpointResult>>();

function check(name: string): Promise<EndpointResult> {
  const { watchMs = usualWatchMs, headers = {}, origin = null } = faultyEndpoints[name]!;
  const request = { ...plainRequest, headers };
  const url = `http://127.0.0.1:${port}/${name}`;
  return checkEndpoint({ url, request, origin, watchMs }, new AbortController().signal);
}

/** The result of the common check, and after a retry that of a check of its own. */
function resultOf(name: string): Promise<EndpointResult> {
  const common = checks.get(name);
  checks.delete(name);
  return common ?? check(name);
}

beforeAll(async () => {
  server = fork(program, [], { execArgv: [] });
  [port] = (await once(server, 'message')) as [number];
  await check('json');
  for (const name of Object.keys(faultyEndpoints)) {
    checks.set(name, check(name));
    await sleep(apartMs);
  }
});

afterAll(async () => {
  server.disconnect();
  await once(server, 'exit');
});

/** `own-server.process.test.ts` starts the servers that the topic of shutdowns needs. */
const rows = topics.filter((topic) => topic !== shutdown).flatMap((topic) => topic.rows);
const isInfo = (name: string) => rows.find((row) => row.name === name)!.severity === 'info';

/** A busy machine can delay some streams. A broken finding fails each time. */
const seldomDelayed = { retry: 8 };

test.each(Object.entries(faultyEndpoints))('%s', seldomDelayed, async (name, { finds }) => {
  const { findings } = await resultOf(name);
  const serious = findings.filter(({ severity }) => severity !== 'info').map((each) => each.name);
  expect(serious.toSorted()).toEqual(finds.filter((each) => !isInfo(each)).toSorted());
  expect(findings.map((each) => each.name)).toEqual(expect.arrayContaining([...finds]));
});

/** No endpoint can cause these within a test. `judge.test.ts` simulates them. */
const simulated = ['silent-10s', 'silent-30s', 'silent-60s', 'stalled', 'interrupted'];

test('every finding has an endpoint', () => {
  const caused = new Set(Object.values(faultyEndpoints).flatMap(({ finds }) => finds));
  expect(rows.map(({ name }) => name).filter((name) => !caused.has(name))).toEqual(
    expect.arrayContaining(simulated),
  );
  expect(rows.filter(({ name }) => !caused.has(name))).toHaveLength(simulated.length);
});

test('a port without a server is not reached', async () => {
  const { unreachable } = await checkEndpoint(
    { url: 'http://127.0.0.1:1/', request: plainRequest, origin: null, watchMs: usualWatchMs },
    new AbortController().signal,
  );
  expect(unreachable).toContain('connection refused');
});
