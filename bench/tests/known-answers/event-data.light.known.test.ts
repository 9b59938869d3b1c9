/** Numbers, times and names in the data of events, with known faults and a known fan-out. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeDurations } from '../../measure/durations.ts';
import type { MeasuredRound } from '../../result/run-result.ts';
import { noEventOptions, type EventOptions } from '../../scenario/event-options.ts';
import { fromOutside } from '../../scenario/scenario.ts';
import { placement } from '../../system/cores.ts';
import { startServer, type RunningServer } from '../../under-test/server.ts';
import { figuresOf, fixture, measured, measureOnce } from '../fixtures/helpers/round.ts';
import { figured, nothingLeftRunning, watchChildren } from '../fixtures/helpers/watch-children.ts';

const ourChildren = watchChildren();
let server: RunningServer;
beforeAll(async () => {
  server = await startServer(fixture('numbers-in-json'), placement()?.server);
});
afterAll(async () => void (await server.stop()));
nothingLeftRunning(ourChildren, () => [server.pid]);

let runs = 0;
async function measure(query: string, events: Partial<EventOptions>, generators = 1) {
  const url = `${server.origin}/event?key=${++runs}&${query}`;
  const { result } = await measureOnce(fromOutside('it', url, null), {
    generators,
    scenario: {
      streams: 40,
      quietStreams: 0,
      intervalMs: null,
      rampMs: 400,
      warmUpMs: 200,
      durationMs: 1_000,
      events: { ...noEventOptions, ...events },
    },
  });
  return { round: measured(result), figures: figuresOf(result) };
}
const sequence = 'meta.seq';

/** In milliseconds. A busy machine makes other durations longer, but hardly the shortest one. */
const shortest = ({ histograms }: MeasuredRound, name: 'fanOut' | 'delivery') =>
  decodeDurations([histograms[name]!]).quantileMs(0);

describe('a feed', () => {
  test.each([1, 2])(
    'reaches its last stream after 20 ms, with %i generators',
    figured,
    async (generators) => {
      const { round, figures } = await measure('of=feed&spread=20', { sequence }, generators);
      expect(round.numbering).toMatchObject({ streams: 40, behind: 0 });
      expect(figures['fan-out.p50']).toBeGreaterThan(18);
      expect(figures['fan-out.p50']).toBeLessThan(26);
      expect(figures).toMatchObject({ missing: 0, duplicate: 0, failed: 0 });
    },
  );

  test('loses events in each stream, but none before it joins', figured, async () => {
    const { figures, round } = await measure('of=feed&lose=10', { sequence: 'id' });
    expect(round.numbering.atFront).toBeGreaterThan(20);
    expect(figures.flawed).toBe(40);
    const perStream = (figures.missing as number) / 40;
    expect(perStream).toBeGreaterThan(round.counts.eventsInAll / 40 / 9 - 1.5);
    expect(perStream).toBeLessThan(round.counts.eventsInAll / 40 / 9 + 1.5);
  });
});

test('counters of streams that all lose one event in ten', figured, async () => {
  const { round, figures } = await measure('lose=10', { sequence, stamp: 'meta.at' });
  expect(figures['fan-out.p50']).toBeUndefined();
  expect(figures.flawed).toBe(40);
  expect(figures.missing).toBeGreaterThan(0);
  expect(round.eventData.stamp).toMatchObject({ found: 0, foreign: 0 });
  expect(figures['delivery.p50']).toBeUndefined();
});

test('times in Unix milliseconds give delivery to within 1 ms', figured, async () => {
  const { round } = await measure('stamp=ms', { sequence, stamp: 'meta.at' });
  expect(round.eventData.stamp).toMatchObject({ absent: 0, foreign: 0, clock: 'wall' });
  expect(round.counts.stampedAhead).toBe(0);
  expect(shortest(round, 'delivery')).toBeLessThan(2.5);
  expect(round.doubts.filter(({ check }) => /clock/.test(check))).toEqual([]);
});

test('each event name has its own figures, also delivery from nanoseconds', figured, async () => {
  const { round } = await measure('names&stamp=ns', { byEvent: true, stamp: 'meta.at' });
  expect(round.eventData.stamp).toMatchObject({ absent: 0, foreign: 0, clock: 'monotonic' });
  const [tick, price] = ['tick', 'price'].map((name) =>
    round.byEvent.find((each) => each.name === name),
  );
  expect(tick!.events / price!.events).toBeGreaterThan(7.5);
  expect(tick!.events / price!.events).toBeLessThan(10.5);
  expect(decodeDurations([price!.gap]).quantileMs(1)).toBeGreaterThan(195);
  const delivery = decodeDurations([price!.delivery]);
  expect(delivery.count).toBe(price!.events);
  expect(delivery.quantileMs(0)).toBeLessThan(1.5);
});
