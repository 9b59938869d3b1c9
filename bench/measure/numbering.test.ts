import { describe, expect, test } from 'vitest';
import { noNumbering } from '../result/event-data.ts';
import { addNumbering, createNumbering, decideNumbering } from './numbering.ts';

/** The events of all streams in order: for each its stream and its number. */
type Events = readonly (readonly [stream: number, number: number])[];

function evidence(events: Events, flawed: readonly number[] = []) {
  const streams = 1 + Math.max(-1, ...events.map(([stream]) => stream));
  const it = createNumbering(streams, null, (stream) => flawed.includes(stream));
  for (const [stream, number] of events) it.record(stream, number);
  return it.findings().numbering;
}
function decided(...all: ReturnType<typeof evidence>[]) {
  const total = noNumbering();
  for (const each of all) addNumbering(total, each);
  return decideNumbering(total);
}

/** A stream joins with each number of the feed, and then receives all its numbers. */
const feed = (from: number, joins: number, until: number): Events =>
  Array.from({ length: until }, (_, n) =>
    Array.from(
      { length: Math.min(n + 1, joins) },
      (_unused, stream) => [stream, from + n] as const,
    ),
  ).flat();

/** A stream joins with each tick, and counts its own events from `first`. */
const counters = (
  first: number,
  joins: number,
  until: number,
  lost: readonly number[] = [],
): Events =>
  Array.from({ length: until }, (_, tick) =>
    Array.from({ length: Math.min(tick + 1, joins) }, (_unused, stream) => {
      const number = first + tick - stream;
      return lost.includes(stream) && number < first + 2 ? [] : [[stream, number] as const];
    }).flat(),
  ).flat();

describe('a feed', () => {
  test('streams that joined at different times', () =>
    expect(decided(evidence(feed(1_000, 20, 40)))).toMatchObject({
      kind: 'feed',
      why: '15 of 15 later streams began higher, by as much as the newest number had advanced',
      lostBefore: 0,
    }));

  test('that repeats its last 50 numbers to each new stream, which has missed none', () => {
    const join = (stream: number, newest: number): Events =>
      Array.from({ length: 50 }, (_, n) => [stream, newest - 49 + n] as const);
    const sent = (joined: number, number: number): Events =>
      Array.from({ length: joined }, (_, stream) => [stream, number] as const);
    const early = Array.from({ length: 60 }, (_, stream) => join(stream, 100)).flat();
    const late = Array.from({ length: 20 }, (_, n) => [
      ...sent(60 + n, 101 + n),
      ...join(60 + n, 101 + n),
    ]).flat();
    expect(decided(evidence([...early, ...late]))).toMatchObject({ kind: 'feed', lostBefore: 0 });
  });

  test('in several generators', () =>
    expect(decided(evidence(feed(10, 8, 30)), evidence(feed(12, 8, 30)))).toMatchObject({
      kind: 'feed',
      lostBefore: 0,
    }));

  test('numbers that hardly advanced while streams joined', () =>
    expect(
      decided(
        evidence([
          [0, 5],
          [1, 5],
          [2, 6],
          [3, 6],
        ]),
      ),
    ).toMatchObject({ kind: 'feed' }));
});

describe('counters of streams', () => {
  test('that all begin with the same number', () =>
    expect(decided(evidence(counters(0, 20, 40)))).toEqual({
      kind: 'stream',
      why: 'every stream began with 0',
      lostBefore: 0,
      flawedBefore: 0,
      countsUp: true,
    }));

  test('that begin with a random number are no feed', () => {
    const events = counters(0, 40, 60).map(
      ([stream, n]) => [stream, n + ((stream * 7_919) % 1_009)] as const,
    );
    expect(decided(evidence(events))).toMatchObject({ kind: 'stream', lostBefore: 0 });
  });

  test('of only one stream', () =>
    expect(decided(evidence(counters(500, 1, 10)))).toMatchObject({
      why: 'only one stream had numbers',
    }));

  test('a stream that begins with a higher number has lost the events before', () =>
    expect(decided(evidence(counters(1, 20, 40, [7, 12])))).toMatchObject({
      kind: 'stream',
      lostBefore: 4,
      flawedBefore: 2,
    }));

  test('a stream with another flaw is not counted twice', () =>
    expect(decided(evidence(counters(1, 20, 40, [7, 12]), [12]))).toMatchObject({
      lostBefore: 4,
      flawedBefore: 1,
    }));

  test('in a generator whose streams have all lost their first event', () => {
    const late = evidence([
      [0, 2],
      [1, 2],
    ]);
    expect(decided(late, evidence(counters(1, 20, 40)))).toMatchObject({
      kind: 'stream',
      lostBefore: 2,
      flawedBefore: 2,
    });
  });

  test('without a common first number, no event counts as lost', () => {
    const events = counters(0, 20, 40).map(
      ([stream, n]) => [stream, n + ((stream * 7_919) % 13) * 100] as const,
    );
    expect(decided(evidence(events))).toMatchObject({ lostBefore: 0 });
  });
});

test('times and other numbers that never count up by one show no missing events', () => {
  const times = (step: number) => evidence(counters(0, 3, 20).map(([s, n]) => [s, n * step]));
  expect(decided(times(100))).toMatchObject({ countsUp: false });
  expect(decided(times(1))).toMatchObject({ countsUp: true });
  const half = evidence(counters(0, 2, 5).filter(([, n]) => n % 2 === 0));
  expect(decided(half)).toMatchObject({ countsUp: true }); // too few to say
});

test('the user decides, and without a number there is nothing to decide', () => {
  const given = { ...evidence(feed(0, 5, 20)), given: 'stream' as const };
  expect(decideNumbering(given)).toMatchObject({ kind: 'stream', why: 'given with --sequence-of' });
  expect(decided(evidence([]))).toBeUndefined();
});
