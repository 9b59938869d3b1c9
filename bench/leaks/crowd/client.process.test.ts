/** Clients disconnect as their task says. The sockets of the server are the evidence. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fixture } from '../../tests/fixtures/helpers/round.ts';
import { nothingLeftRunning, watchChildren } from '../../tests/fixtures/helpers/watch-children.ts';
import type { Observed } from '../../tests/fixtures/servers/wrong.ts';
import { startServer, type RunningServer } from '../../under-test/server.ts';
import { plainRequest } from '../../scenario/request-options.ts';
import { requestIn } from '../round/examination.ts';
import { createCrowds } from './crowds.ts';
import type { CrowdReport, CrowdTask } from './task.ts';
import { disconnectModes } from '../../scenario/disconnect-modes.ts';

const ourChildren = watchChildren();
let server: RunningServer;
beforeAll(async () => {
  server = await startServer(fixture('wrong'), undefined);
});
afterAll(async () => void (await server.stop()));
nothingLeftRunning(ourChildren, () => [server.pid]);

const streams = 10;
let key = 0;

/** Sends a crowd to a server whose headers take `headersMs`, and returns what the server saw. */
async function crowd(
  mode: string,
  {
    headersMs = 1,
    query = '',
    intervalMs = 20,
    patienceMs = 20_000,
    stay = undefined as CrowdTask['stay'],
    clients = streams,
  } = {},
): Promise<{ report: CrowdReport; observed: Observed }> {
  const crowds = createCrowds(new AbortController().signal);
  const url = `${server.origin}/event?key=disconnect-${++key}&interval=${intervalMs}${query}`;
  const disconnectMode = disconnectModes.find(({ name }) => name === mode)!;
  const report = await crowds.send({
    url,
    request: requestIn(disconnectMode, { request: plainRequest, isMethodGiven: false }),
    streams: clients,
    overMs: 0,
    mode: disconnectMode,
    events: 3,
    patienceMs,
    headersMs,
    redirects: 0,
    ...(stay && { stay }),
  });
  await crowds.end();
  let observed: Observed | undefined;
  await expect
    .poll(async () => {
      observed = (await (await fetch(url.replace('/event', '/observed'))).json()) as Observed;
      return observed.fin + observed.reset;
    })
    .toBe(clients);
  return { report, observed: observed! };
}

test.each([
  ['headers', 0],
  ['first event', streams],
] as const)('clients do not stay for rare events after the %s', async (after, events) => {
  const { report } = await crowd('close', {
    intervalMs: 5_000, // a busy machine disconnects later
    stay: { after, ms: 100 },
  });
  expect(report).toMatchObject({ opened: streams, served: streams, hurried: streams, events });
});

test.each([
  ['close', { fin: streams, reset: 0, beforeHeaders: 0, resetAfterFin: 0 }],
  ['reset', { fin: 0, reset: streams, beforeHeaders: 0 }],
  ['half-close', { fin: streams, reset: 0, beforeHeaders: 0, resetAfterFin: 0 }],
  ['post', { fin: streams, reset: 0, beforeHeaders: 0 }],
])('%s: closes as the mode says', async (mode, seen) => {
  const { report, observed } = await crowd(mode);
  expect(observed).toMatchObject(seen);
  expect(report).toMatchObject({ opened: streams, served: streams, failures: {} });
  expect(report.events).toBeGreaterThanOrEqual(3 * streams);
});

test('kill: the system closes all connections', async () => {
  const { report, observed } = await crowd('kill');
  expect(report.served).toBe(streams);
  expect(observed).toMatchObject({ streams, beforeHeaders: 0 });
});

test('early: disconnects while the handler still runs', async () => {
  const { report, observed } = await crowd('early', {
    headersMs: 300,
    query: '&headers-after=60000', // a busy machine disconnects later
  });
  expect(report).toMatchObject({ opened: 0, events: 0 });
  expect(observed).toMatchObject({ streams, fin: streams, beforeHeaders: streams });
});

test('random: disconnects some clients before the headers, and some after', async () => {
  const clients = 40; // ten are all before the headers, or all after them, once in 500 times
  const { observed } = await crowd('random', {
    clients,
    headersMs: 1_500, // a busy machine disconnects later than planned
    query: '&headers-after=1500',
  });
  expect(observed.beforeHeaders).toBeGreaterThan(0);
  expect(observed.beforeHeaders).toBeLessThan(clients);
});

test('blocked: resets the connection without reading', async () => {
  const { report, observed } = await crowd('blocked', { patienceMs: 2_000 });
  expect(report.events).toBe(0);
  expect(observed).toMatchObject({ fin: 0, reset: streams });
});
