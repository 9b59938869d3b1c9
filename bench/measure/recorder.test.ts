import { describe, expect, test } from 'vitest';
import { decodeDurations } from './durations.ts';
import { createRecorder, type RecorderOptions } from './recorder.ts';

const ms = 1e6;
const intendedMs = [0, 10];

function recorder(options: Partial<RecorderOptions> = {}) {
  return createRecorder({
    intendedNs: Float64Array.from(intendedMs, (at) => at * ms),
    window: { warmUpAtNs: 500 * ms, measureAtNs: 1_000 * ms, disconnectAtNs: 2_000 * ms },
    intervalMs: 100,
    firstNumber: 0,
    sameClock: true,
    stormIntervalMs: 20,
    reconnect: null,
    ...options,
  });
}
type Recorder = ReturnType<typeof recorder>;
const longest = (from: Recorder, name: keyof ReturnType<Recorder['recording']>['histograms']) =>
  decodeDurations([from.recording().histograms[name]]).quantileMs(1);

describe('beginnings', () => {
  test('count from the intended start, or uncorrected from the actual start', () => {
    const it = recorder();
    it.started(1, 15 * ms);
    it.headers(1, 40 * ms);
    it.event(1, '0', 140 * ms);
    expect(longest(it, 'arrivalLag')).toBeCloseTo(5, 2);
    expect(longest(it, 'timeToHeaders')).toBeCloseTo(30, 1);
    expect(longest(it, 'timeToHeadersUncorrected')).toBeCloseTo(25, 1);
    expect(longest(it, 'timeToFirstEvent')).toBeCloseTo(130, 0);
    expect(longest(it, 'timeToFirstEventUncorrected')).toBeCloseTo(125, 0);
  });

  test('comments and bytes count for the first byte, but not for the first event', () => {
    const it = recorder();
    it.started(0, 0);
    it.headers(0, 10 * ms);
    it.body(0, 20, true, 20 * ms);
    it.body(0, 20, true, 40 * ms);
    it.comment();
    expect(longest(it, 'timeToFirstByte')).toBeCloseTo(20, 1);
    expect(longest(it, 'timeToFirstEvent')).toBeUndefined();
    expect(it.recording().counts).toMatchObject({
      started: 1,
      opened: 1,
      comments: 1,
      eventsInAll: 0,
    });
  });
});

describe('the measurement', () => {
  test('counts only events received during the measurement', () => {
    const it = recorder();
    for (const [n, atMs] of [800, 900, 1_000, 1_100, 1_999, 2_000, 2_100].entries()) {
      it.body(0, 10, n !== 3, atMs * ms);
      it.event(0, `${n} ${(atMs - 7) * ms}`, atMs * ms);
    }
    const { counts } = it.recording();
    expect(counts).toMatchObject({ eventsInAll: 7, events: 3, bodyBytes: 30, reads: 2, gaps: 3 });
    expect(counts.gapsSumNs).toBe(1_099 * ms);
    expect(decodeDurations([it.recording().histograms.delivery])).toMatchObject({ count: 3 });
    expect(longest(it, 'delivery')).toBeCloseTo(7, 2);
    expect(longest(it, 'eventGap')).toBeCloseTo(899, -1);
  });

  test.each([
    ['no stamp', '12'],
    ['padding where the stamp would be', '12......'],
    ['a stamp of another clock', '12 99'],
  ])('%s: no delivery latency', (_what, data) => {
    const it = recorder({ window: { warmUpAtNs: 0, measureAtNs: 1, disconnectAtNs: 1e18 } });
    it.event(0, data, 1e17);
    expect(it.recording().counts).toMatchObject({ events: 1, uncounted: 0 });
    expect(longest(it, 'delivery')).toBeUndefined();
  });

  test('padding after a stamp is not part of the stamp', () => {
    const it = recorder();
    it.event(0, `0 ${1_495 * ms}..........`, 1_500 * ms);
    expect(longest(it, 'delivery')).toBeCloseTo(5, 2);
  });
});

test('sums the squares of the events of each stream', () => {
  const it = recorder();
  for (const [stream, atMs] of [
    [0, 900],
    [0, 1_100],
    [0, 1_200],
    [0, 1_300],
    [1, 1_100],
    [1, 2_100],
  ] as const)
    it.event(stream, '0', atMs * ms);
  expect(it.recording().counts).toMatchObject({ events: 4, eventsSquared: 3 ** 2 + 1 });
});

test('computes the delay of server timers from stamps, for the measurement and since the last call', () => {
  const it = recorder();
  const event = (n: number, sentMs: number) =>
    it.event(0, `${n} ${sentMs * ms}`, (sentMs + 1) * ms);
  event(0, 700);
  event(1, 850);
  expect(it.takeRecent()).toEqual({ loopDelayNs: 50 * ms, deliveryNs: ms });
  expect(it.takeRecent()).toEqual({ loopDelayNs: null, deliveryNs: null });
  event(2, 1_000);
  event(3, 1_120);
  expect(it.takeRecent()).toMatchObject({ loopDelayNs: 50 * ms });
  expect(decodeDurations([it.recording().histograms.loopDelay]).recorded()).toEqual([
    { valueMs: expect.closeTo(20, 1), count: 1 },
    { valueMs: expect.closeTo(50, 1), count: 1 },
  ]);
});

test('audits the numbers of every phase', () => {
  const it = recorder();
  for (const [n, atMs] of [
    [0, 100],
    [1, 200],
    [3, 400],
    [3, 500],
    [2, 2_500],
  ] as const)
    it.event(0, String(n), atMs * ms);
  expect(it.recording().counts).toMatchObject({ missing: 0, duplicate: 1, outOfOrder: 1 });
});

test('events without a counter are counted apart, and have a schedule lag', () => {
  const it = recorder({ firstNumber: 'any' });
  for (let n = 5; n < 20; n++) it.event(0, 'hello', (n * 100 + (n === 19 ? 30 : 0)) * ms);
  expect(it.recording().counts).toMatchObject({ uncounted: 15, missing: 0 });
  expect(longest(it, 'scheduleLag')).toBeCloseTo(30, 0);
});

test.each([
  ['a date', ['2026-11-23T12:00:00Z', '2026-11-23T12:00:01Z', '2026-11-23T12:00:02Z']],
  ['a fraction', ['41.7 up', '41.9 up', '42.1 up']],
  ['milliseconds', ['1732380000000', '1732380001000', '1732380002000']],
])('%s is not a counter', (_what, data) => {
  const it = recorder({ firstNumber: 'any' });
  for (const [n, text] of data.entries()) it.event(0, text, n * 100 * ms);
  expect(it.recording().counts).toMatchObject({ uncounted: 3, missing: 0, duplicate: 0 });
});

test('data with a stamp is a counter, whatever its first number', () => {
  const it = recorder({ firstNumber: 'any' });
  for (const n of [7, 8, 10]) it.event(0, `${n} ${n * 100 * ms}`, n * 100 * ms + 1);
  expect(it.recording().counts).toMatchObject({ uncounted: 0, missing: 1 });
});

test('stamps of another machine give no delivery latency', () => {
  const it = recorder({ sameClock: false });
  it.event(0, `0 ${1_495 * ms}`, 1_500 * ms);
  expect(longest(it, 'delivery')).toBeUndefined();
});

test('counts nothing after an early end of the measurement', () => {
  const it = recorder();
  it.event(0, '0', 1_200 * ms);
  it.endMeasuring(1_300 * ms);
  it.event(0, '1', 1_400 * ms);
  expect(it.recording().counts).toMatchObject({ events: 1, eventsInAll: 2 });
});

test('without an interval there is no schedule lag', () => {
  const it = recorder({ intervalMs: null });
  for (let n = 0; n < 15; n++) it.event(0, String(n), n * 100 * ms);
  expect(longest(it, 'scheduleLag')).toBeUndefined();
  expect(longest(it, 'eventGap')).toBeDefined();
});

test('the time between a cut and the next event is no gap, lag or delay', () => {
  const it = recorder({ reconnect: { cut: { atNs: 1_400 * ms } } });
  const event = (number: number, atMs: number) =>
    it.event(0, `${number} ${(atMs - 2) * ms}`, atMs * ms);
  it.headers(0, 50 * ms);
  for (let n = 0; n < 14; n++) event(n, (n + 1) * 100);
  it.reconnects!.lost(0, 1_405 * ms, 'ended by the server');
  it.headers(0, 1_610 * ms); // it was open before
  for (const [place, n] of [20, 21, 22].entries()) event(n, 1_650 + 100 * place);
  expect(it.recording().counts).toMatchObject({
    opened: 1,
    missing: 0,
    flawedStreams: 0,
    cut: 1,
    reconnected: 1,
    missedOverCut: 6,
    comparedStreams: 0,
  });
  expect(longest(it, 'eventGap')).toBeCloseTo(100, 0);
  expect(longest(it, 'scheduleLag')).toBeCloseTo(0, 1);
  expect(longest(it, 'loopDelay')).toBeCloseTo(0, 1);
  expect(it.recording().counts.stampAdvanceNs).toBe(it.recording().counts.receiptAdvanceNs);
});

test('heartbeats between numbered events do not shift the schedule', () => {
  const events = { sequence: 'seq', stamp: null, sequenceOf: null, byEvent: false };
  const it = recorder({ events, firstNumber: 'any' });
  for (let n = 0; n < 20; n++) {
    it.event(0, `{"seq":${n}}`, (n + 1) * 100 * ms);
    it.event(0, '{"ping":true}', ((n + 1) * 100 + 30) * ms);
  }
  const { scheduleLag } = it.recording().histograms;
  expect(decodeDurations([scheduleLag]).count).toBe(10);
  expect(longest(it, 'scheduleLag')).toBeCloseTo(0, 1);
});

test('with --sequence, the id of an event without a number does not count as a number', () => {
  const events = { sequence: 'seq', stamp: null, sequenceOf: null, byEvent: false };
  const it = recorder({ events, firstNumber: 'any', reconnect: { cut: null } });
  it.headers(0, 50 * ms);
  for (const n of [1, 2, 3]) it.event(0, `{"seq":${n}}`, (n + 1) * 100 * ms);
  it.reconnects!.lost(0, 405 * ms, 'ended by the server');
  it.reconnects!.id(0, '123456');
  it.event(0, '{"hello":true}', 620 * ms);
  it.event(0, '{"seq":6}', 700 * ms);
  expect(it.recording().counts).toMatchObject({ missedOverCut: 2, unnumberedReconnects: 0 });
});

test('a stream that is over before the measurement is not silent in it', () => {
  const it = recorder();
  it.event(0, '0', 100 * ms);
  it.over(0, 500 * ms);
  expect(longest(it, 'silence')).toBeUndefined();
});

test('a greeting without a number after a reconnect does not count missed events twice', () => {
  const it = recorder({ firstNumber: 'any', reconnect: { cut: null } });
  it.headers(0, 50 * ms);
  for (let n = 0; n < 3; n++) it.event(0, `${n} ${(n + 1) * 100 * ms}`, (n + 1) * 100 * ms);
  it.reconnects!.lost(0, 405 * ms, 'ended by the server');
  it.headers(0, 610 * ms);
  it.event(0, 'hello', 620 * ms);
  it.event(0, `9 ${700 * ms}`, 700 * ms);
  it.event(0, `10 ${800 * ms}`, 800 * ms);
  expect(it.recording().counts).toMatchObject({ missedOverCut: 6, missing: 0, flawedStreams: 0 });
});

test('counts failures by cause, with the first message', () => {
  const it = recorder();
  it.failed('connection reset', 'first');
  it.failed('connection reset', 'second');
  it.failed('stalled', 'third');
  it.ended();
  it.stopped();
  const { failures, counts } = it.recording();
  expect(failures).toEqual({
    'connection reset': { count: 2, example: 'first' },
    stalled: { count: 1, example: 'third' },
  });
  expect(counts).toMatchObject({ ended: 1, stopped: 1 });
});

describe('several events in one read', () => {
  /**
   * Reads ten events, sent 20 ms apart, together at each of these moments. `freshestAgeMs` is the
   * age of the last one.
   */
  function batches(
    it: Recorder,
    readsMs: readonly number[],
    freshestAgeMs: (readMs: number) => number,
  ) {
    let n = 0;
    for (const readMs of readsMs) {
      for (let place = 0; place < 10; place++) {
        // Each event is one HTTP chunk: its own piece of the body, within the same read.
        it.body(0, 10, place === 0, readMs * ms + place);
        it.event(
          0,
          `${n++} ${(readMs - freshestAgeMs(readMs) - 20 * (9 - place)) * ms}`,
          readMs * ms + place,
        );
      }
    }
  }

  test('coalescing is the time between the first and the last stamp of a read', () => {
    const it = recorder();
    batches(it, [900, 1_100, 1_300, 1_900, 2_100], () => 5);
    expect(it.recording().counts).toMatchObject({ events: 30, reads: 3 });
    for (let time = 0; time < 2; time++) {
      expect(decodeDurations([it.recording().histograms.coalescing]).recorded()).toEqual([
        { valueMs: expect.closeTo(180, 0), count: 3 },
      ]);
    }
  });

  test('single events and events without a stamp add no coalescing', () => {
    const it = recorder();
    for (let n = 0; n < 5; n++) {
      it.body(0, 10, true, (1_100 + 100 * n) * ms);
      it.event(0, n < 3 ? `${n} ${(1_095 + 100 * n) * ms}` : String(n), (1_100 + 100 * n) * ms);
    }
    expect(decodeDurations([it.recording().histograms.coalescing])).toMatchObject({ count: 3 });
    expect(longest(it, 'coalescing')).toBeCloseTo(0, 2);
  });

  test('no queue grows, wherever the measurement starts between two reads', () => {
    const it = recorder();
    batches(it, [1_199, 1_399, 1_599, 1_799], () => 5);
    expect(it.recording().counts).toMatchObject({ comparedStreams: 1 });
    expect(it.recording().counts.stampAdvanceNs).toBe(it.recording().counts.receiptAdvanceNs);
    // The last read counts too.
    expect(decodeDurations([it.recording().histograms.coalescing])).toMatchObject({ count: 4 });
  });

  test('a batch read in two pieces is as fresh as its last event', () => {
    const it = recorder();
    let n = 0;
    for (const readMs of [1_200, 1_400, 1_600, 1_800]) {
      for (let place = 0; place < 10; place++)
        it.event(
          0,
          `${n++} ${(readMs - 20 * (9 - place)) * ms}`,
          (readMs + (place < 6 ? 0 : 1)) * ms,
        );
    }
    expect(it.recording().counts.stampAdvanceNs).toBe(it.recording().counts.receiptAdvanceNs);
  });

  test('single late events are no queue', () => {
    const it = recorder();
    for (const [n, [atMs, ageMs]] of (
      [
        [1_100, 5],
        [1_400, 60],
        [1_600, 50],
        [1_900, 5],
      ] as const
    ).entries())
      it.event(0, `${n} ${(atMs - ageMs) * ms}`, atMs * ms);
    expect(it.recording().counts).toMatchObject({
      comparedStreams: 1,
      stampAdvanceNs: 800 * ms,
      receiptAdvanceNs: 800 * ms,
    });
  });

  test('a queue that grows by 0.5 s per second halves the advance of the stamps', () => {
    const it = recorder();
    batches(it, [1_100, 1_300, 1_500, 1_700, 1_900], (readMs) => 0.5 * (readMs - 1_000));
    const { stampAdvanceNs, receiptAdvanceNs } = it.recording().counts;
    expect(stampAdvanceNs / receiptAdvanceNs).toBeCloseTo(0.5, 5);
  });

  test('a stream that is silent in one half of the measurement is not compared', () => {
    const it = recorder();
    batches(it, [1_100, 1_300], (readMs) => readMs / 10);
    expect(it.recording().counts).toMatchObject({
      comparedStreams: 0,
      stampAdvanceNs: 0,
      receiptAdvanceNs: 0,
    });
  });
});

test('an event sent in the measurement is unread if the generator reads it only while catching up', () => {
  const it = recorder();
  const event = (n: number, sentMs: number, atMs: number) =>
    it.event(0, `${n} ${sentMs * ms}`, atMs * ms);
  event(0, 1_900, 1_990);
  event(1, 1_950, 2_300);
  event(2, 2_050, 2_300); // sent after the end
  it.caughtUp();
  event(3, 1_960, 2_400); // it waited elsewhere
  expect(it.recording().counts).toMatchObject({ sent: 3, stamped: 1, unread: 1 });
});

describe('a counter that was read in place', () => {
  const given = [
    [0, NaN, 1_010],
    [1, 1_105 * ms, 1_110],
    [3, 1_208 * ms, 1_210],
    [3, 1_208 * ms, 1_211],
  ] as const;

  test.each([0, 'any'] as const)('counts as its text does, with first number %s', (firstNumber) => {
    const inPlace = recorder({ firstNumber });
    const asText = recorder({ firstNumber });
    for (const [number, stampNs, atMs] of given) {
      inPlace.counted!(0, number, stampNs, atMs * ms);
      const text = Number.isNaN(stampNs) ? `${number}` : `${number} ${stampNs}`;
      asText.event(0, text, atMs * ms);
    }
    expect(inPlace.recording()).toEqual(asText.recording());
    expect(inPlace.recording().counts.missing).toBe(1);
  });

  test('is not read in place if the user named the place of numbers or stamps', () => {
    const events = { sequence: 'seq', sequenceOf: null, stamp: null, byEvent: false };
    expect(recorder({ events }).counted).toBeUndefined();
  });
});
