/** One endpoint per finding. All are checked at the same time, because a check mostly waits. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EndpointResult } from '../result/endpoint-result.ts';
import { plainRequest } from '../scenario/request-options.ts';
import { faultyEndpoints } from '../tests/fixtures/servers/faulty-endpoints.ts';
import { checkEndpoint } from './check.ts';
import { topics } from './topics/topics.ts';

const program = fileURLToPath(
  new URL('../tests/fixtures/servers/faulty-endpoints-process.ts', import.meta.url),
);
/** Long enough for the events of all but a few endpoints. */
const usualWatchMs = 1_500;

let server: ChildProcess;
let results: Map<string, EndpointResult>;

beforeAll(async () => {
  server = fork(program, [], { execArgv: [] });
  const [port] = (await once(server, 'message')) as [number];
  const signal = new AbortController().signal;
  const checks = Object.entries(faultyEndpoints).map(async ([name, endpoint]) => {
    const { watchMs = usualWatchMs, headers = {}, origin = null } = endpoint;
    const request = { ...plainRequest, headers };
    const url = `http://127.0.0.1:${port}/${name}`;
    return [name, await checkEndpoint({ url, request, origin, watchMs }, signal)] as const;
  });
  results = new Map(await Promise.all(checks));
});

afterAll(async () => {
  server.disconnect();
  await once(server, 'exit');
});

const rows = topics.flatMap((topic) => topic.rows);
const isInfo = (name: string) => rows.find((row) => row.name === name)?.severity === 'info';

test.each(Object.entries(faultyEndpoints))('%s', (name, { finds }) => {
  const found = results.get(name)!.findings;
  const serious = found.filter(({ severity }) => severity !== 'info').map((each) => each.name);
  expect(serious.toSorted()).toEqual(finds.filter((each) => !isInfo(each)).toSorted());
  expect(found.map((each) => each.name)).toEqual(expect.arrayContaining([...finds]));
});

describe('the table of endpoints', () => {
  /** These take longer than a test may. `judge.test.ts` has them with simulated times. */
  const tooLong = new Set(['silent-10s', 'silent-30s', 'silent-60s']);

  test('has a cause of every finding', () => {
    const caused = new Set(Object.values(faultyEndpoints).flatMap(({ finds }) => finds));
    expect(
      rows.map(({ name }) => name).filter((name) => !caused.has(name) && !tooLong.has(name)),
    ).toEqual([]);
  });
});
