/** Clients leave as they are told, as the server's own sockets see it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fixture } from '../../tests/fixtures/helpers/round.ts';
import { nothingLeftRunning, watchChildren } from '../../tests/fixtures/helpers/watch-children.ts';
import type { Told } from '../../tests/fixtures/servers/wrong.ts';
import { startServer, type RunningServer } from '../../under-test/server.ts';
import { createCrowds } from './crowds.ts';
import type { CrowdReport } from './task.ts';
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

/** Sends a crowd to a server that takes so long for its headers, and asks what it saw of it. */
async function crowd(
  mode: string,
  { headersMs = 1, query = '' } = {},
): Promise<{ report: CrowdReport; told: Told }> {
  const crowds = createCrowds(new AbortController().signal);
  const url = `${server.origin}/event?key=leave-${++key}&interval=20${query}`;
  const leave = disconnectModes.find(({ name }) => name === mode)!;
  const report = await crowds.send({
    url,
    headers: {},
    body: { some: 'thing' },
    streams,
    overMs: 0,
    leave,
    events: 3,
    patienceMs: 2_000,
    headersMs,
  });
  await crowds.end();
  let told: Told | undefined;
  await expect
    .poll(async () => {
      told = (await (await fetch(url.replace('/event', '/told'))).json()) as Told;
      return told.fin + told.reset;
    })
    .toBe(streams);
  return { report, told: told! };
}

test.each([
  ['close', { fin: streams, reset: 0, beforeHeaders: 0, resetAfterFin: 0 }],
  ['reset', { fin: 0, reset: streams, beforeHeaders: 0 }],
  ['half-close', { fin: streams, reset: 0, beforeHeaders: 0, resetAfterFin: 0 }],
  ['post', { fin: streams, reset: 0, beforeHeaders: 0 }],
])('%s', async (mode, seen) => {
  const { report, told } = await crowd(mode);
  expect(told).toMatchObject(seen);
  expect(report).toMatchObject({ opened: streams, served: streams, failures: {} });
  expect(report.events).toBeGreaterThanOrEqual(3 * streams);
});

test('kill: all of them, without a word from the program', async () => {
  const { report, told } = await crowd('kill');
  expect(report.served).toBe(streams);
  expect(told).toMatchObject({ streams, beforeHeaders: 0 });
});

test('early: while the handler is still at work', async () => {
  const { report, told } = await crowd('early', { headersMs: 300, query: '&headers-after=300' });
  expect(report).toMatchObject({ opened: 0, events: 0 });
  expect(told).toMatchObject({ streams, fin: streams, beforeHeaders: streams });
});

test('random: some before the headers, and some after', async () => {
  const { told } = await crowd('random', { headersMs: 150, query: '&headers-after=150' });
  expect(told.beforeHeaders).toBeGreaterThan(0);
  expect(told.beforeHeaders).toBeLessThan(streams);
});

test('blocked: by reset, without having read', async () => {
  const { report, told } = await crowd('blocked');
  expect(report.events).toBe(0);
  expect(told).toMatchObject({ fin: 0, reset: streams });
});
