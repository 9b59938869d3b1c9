import { describe, expect, test } from 'vitest';
import { randomFrom } from '../statistics/random.ts';
import { createPace } from './pace.ts';

/**
 * Feeds a stream with an event at each of these moments. @returns its silence at the end, if any
 */
function silenceAfter(
  atMs: readonly number[],
  endMs: number,
  others: readonly (readonly number[])[] = [],
  commentsFromMs = Infinity,
): string | undefined {
  const pace = createPace(1 + others.length);
  for (const [stream, times] of [atMs, ...others].entries()) {
    for (const ms of times) {
      pace.read(stream, ms * 1e6);
      if (ms < commentsFromMs) pace.event(stream);
    }
  }
  return pace.silence(0, endMs * 1e6);
}
const every = (gapMs: number, untilMs: number, fromMs = 1) =>
  Array.from({ length: Math.floor((untilMs - fromMs) / gapMs) + 1 }, (_, n) => fromMs + n * gapMs);

describe('is silent', () => {
  test.each<[string, number[], number]>([
    ['ten events a second for 2 s, then nothing', every(100, 2_001), 15_000],
    ['three events in 1 s, then nothing for five times as long', [1, 501, 1_001], 3_502],
    ['a hundred a second, then nothing for a second', every(10, 2_001), 3_002],
  ])('%s', (_what, atMs, endMs) =>
    expect(silenceAfter(atMs, endMs)).toMatch(
      /^nothing received in the last \d+\.\d s, after \d+ events that were at most \d\.\d s apart; .* --interval$/,
    ),
  );

  test('reports how long it was silent, and its pace before', () =>
    expect(silenceAfter(every(100, 2_001), 12_001)).toMatch(
      /in the last 10\.0 s, after 21 events that were at most 0\.1 s apart/,
    ));
});

describe('is not silent', () => {
  test.each<[string, number[], number]>([
    ['an event each 30 s', [1, 30_001], 59_000],
    ['no event at all', [], 60_000],
    ['a burst at the start, then nothing', every(5, 500), 15_000],
    ['two events, which are too few for a pace', [1, 2_001], 60_000],
    ['a pause less than five times as long as an earlier one', [1, 1_001, 3_001, 3_101], 13_000],
    ['a hundred a second, until less than 1 s ago', every(10, 2_001), 2_990],
  ])('%s', (_what, atMs, endMs) => expect(silenceAfter(atMs, endMs)).toBeUndefined());

  test('continuing comments', () =>
    expect(silenceAfter(every(100, 14_901), 15_000, [], 2_001)).toBeUndefined());

  test('a pause that another stream has resumed from', () => {
    const regular = every(100, 2_001);
    expect(silenceAfter(regular, 12_001, [[...regular, 13_001]])).toBeUndefined();
    expect(silenceAfter(regular, 12_001, [[...regular, 11_001]])).toBeDefined();
  });

  test('irregular events before and after a long outage', () => {
    const pace = createPace(1);
    function events(atMs: readonly number[]) {
      for (const ms of atMs) {
        pace.read(0, ms * 1e6);
        pace.event(0);
      }
    }
    events([1, 101, 1_301]);
    pace.readOn(0, 60_000e6); // the response to a reconnect
    events([60_100]);
    expect(pace.silence(0, 70_100e6)).toBeUndefined();
    expect(pace.silence(0, 90_100e6)).toBeDefined();
  });

  test('random events: at most one of 2,000 streams counts as silent', () => {
    let state = 7;
    const random = () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
    const streams = Array.from({ length: 2_000 }, () => {
      const times: number[] = [];
      for (let ms = 0; (ms += -Math.log(random()) * 1_000) < 14_000;) times.push(1 + ms);
      return times;
    });
    const pace = createPace(streams.length);
    for (const [stream, times] of streams.entries()) {
      for (const ms of times) {
        pace.read(stream, ms * 1e6);
        pace.event(stream);
      }
    }
    expect(
      streams.filter((_, stream) => pace.silence(stream, 14_000e6) !== undefined).length,
    ).toBeLessThanOrEqual(1);
  });

  test('few random gaps say little: a silence must be longer than after many', () => {
    const few = [1, 101, 1_301];
    expect(silenceAfter(few, 20_000)).toBeUndefined();
    expect(silenceAfter(few, 1_301 + 43 * 1_200)).toBeDefined();
  });
});

/** Streams of servers without a fixed interval: the gaps between their events, in milliseconds. */
const irregular = {
  'at random moments': (random: () => number) => -Math.log(random()) * 400,
  'at few random moments': (random: () => number) => -Math.log(random()) * 3_000,
  'in bursts of about ten, 1 ms apart': (random: () => number) =>
    random() < 0.9 ? 1 : -Math.log(random()) * 2_000,
  'with evenly distributed gaps': (random: () => number) => random() * 800,
};
const runs = 3_000;

/** How many of the runs accuse their only stream, whose events end at `untilMs`. */
function accused(kind: keyof typeof irregular, untilMs: number, endMs: number): number {
  const random = randomFrom(5);
  const found = Array.from({ length: runs }, () => {
    const times: number[] = [];
    for (let ms = 1; ms < untilMs; ms += irregular[kind](random)) times.push(ms);
    return silenceAfter(times, endMs);
  });
  return found.filter((silence) => silence !== undefined).length;
}
const kinds = Object.keys(irregular) as (keyof typeof irregular)[];

describe('one stream with events', () => {
  test.each(kinds.flatMap((kind) => [3_000, 15_000].map((endMs) => [kind, endMs] as const)))(
    '%s that continues for %i ms is accused in at most one of 300 runs',
    (kind, endMs) => expect(accused(kind, endMs, endMs)).toBeLessThanOrEqual(runs / 300),
  );

  test.each(kinds.filter((kind) => kind !== 'at few random moments'))(
    '%s that stops after 2 s is accused 13 s later in at least one of three runs',
    (kind) => expect(accused(kind, 2_000, 15_000)).toBeGreaterThan(runs / 3),
  );
});
