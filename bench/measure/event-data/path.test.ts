import { describe, expect, test } from 'vitest';
import { pathReader, type PathReaderOptions } from './path.ts';

const hour = 3600e9;
/** The time on both clocks: the machine has run for 5 days. */
const atNs = 5 * 24 * hour;
const unixNs = Date.parse('2026-03-04T05:06:07.008Z') * 1e6;
const offsetNs = unixNs - atNs;

function reader(
  events: Partial<PathReaderOptions['events']>,
  more: Partial<PathReaderOptions> = {},
) {
  const all = { sequence: null, stamp: null, ...events };
  return pathReader({ events: all, sameClock: true, wallOffsetNs: () => offsetNs, ...more });
}
const numberIn = (data: unknown, sequence = 'n', id?: string, name?: string) =>
  reader({ sequence }).read(JSON.stringify(data), id, name, atNs).number;

describe('the number', () => {
  test.each<[string, unknown, number | undefined]>([
    ['a number', { n: 7 }, 7],
    ['0', { n: 0 }, 0],
    ['text', { n: '12' }, 12],
    ['null', { n: null }, undefined],
    ['an empty text', { n: '' }, undefined],
    ['an empty list', { n: [] }, undefined],
    ['a list', { n: [1] }, undefined],
    ['a fraction', { n: 1.5 }, undefined],
    ['other text', { n: '1700-3' }, undefined],
    ['true', { n: true }, undefined],
    ['another key', { m: 1 }, undefined],
    ['a list instead of an object', [1], undefined],
  ])('%s', (_what, data, number) => expect(numberIn(data)).toBe(number));

  test('comes from a path, or from the id or the name of the event', () => {
    expect(numberIn({ a: [{ b: 3 }] }, 'a[0].b')).toBe(3);
    expect(numberIn({ b: 4 }, 'a || b')).toBe(4);
    expect(numberIn({ id: 1 }, 'id', '5')).toBe(5);
    expect(numberIn({ id: 1 }, 'id')).toBeUndefined();
    expect(numberIn({ id: 1 }, '"id"', '5')).toBe(1);
    expect(numberIn({}, 'event', undefined, '6')).toBe(6);
  });

  test('data that is not JSON has none, but its id has', () => {
    const it = reader({ sequence: 'n' });
    expect(it.read('hello', '1', undefined, atNs).number).toBeUndefined();
    expect(reader({ sequence: 'id' }).read('hello', '1', undefined, atNs).number).toBe(1);
  });

  test('a function that the value does not fit gives none', () =>
    expect(numberIn({ n: 1 }, 'length(n)')).toBeUndefined());

  test('numbers beyond 2^53 keep their distances, as numbers and as text', () => {
    const it = reader({ sequence: 'n' });
    const read = (n: string) => it.read(`{"n":${n}}`, undefined, undefined, atNs).number!;
    expect(read('9223372036854775801') - read('9223372036854775799')).toBe(2);
    expect(read('"9223372036854775801"')).toBe(read('9223372036854775801'));
  });
});

describe('the stamp', () => {
  const sentNs = atNs - 3e6;
  const sentUnixNs = unixNs - 3e6;
  test.each<[string, unknown, 'monotonic' | 'wall', number]>([
    ['nanoseconds since the start of the machine', sentNs, 'monotonic', 1],
    ['the same as text', String(sentNs), 'monotonic', 1],
    ['microseconds', sentNs / 1e3, 'monotonic', 1e3],
    ['milliseconds', sentNs / 1e6, 'monotonic', 1e6],
    ['Unix nanoseconds', sentUnixNs, 'wall', 1],
    ['Unix microseconds', sentUnixNs / 1e3, 'wall', 1e3],
    ['Unix milliseconds', sentUnixNs / 1e6, 'wall', 1e6],
    ['Unix milliseconds as text', String(sentUnixNs / 1e6), 'wall', 1e6],
    ['Unix seconds with milliseconds', sentUnixNs / 1e9, 'wall', 1e6],
    ['ISO text', new Date(sentUnixNs / 1e6).toISOString(), 'wall', 1e6],
    ['ISO text with microseconds', '2026-03-04T05:06:07.005000Z', 'wall', 1e3],
    ['ISO text with a comma', '2026-03-04T05:06:07,005Z', 'wall', 1e6],
    ['ISO text with a time zone', '2026-03-04T06:06:07.005+01:00', 'wall', 1e6],
  ])('%s', (_what, at, clock, resolutionNs) => {
    const it = reader({ stamp: 'at' });
    const { stampNs } = it.read(JSON.stringify({ at }), undefined, undefined, atNs);
    expect(atNs - stampNs!).toBeGreaterThan(3e6 - 1_000);
    expect(atNs - stampNs!).toBeLessThan(3e6 + 1_000);
    const { stamp } = it.findings()!;
    expect(stamp).toMatchObject({ found: 1, foreign: 0, clock, wallClockStepNs: 0 });
    expect(stamp!.resolutionNs).toBeCloseTo(resolutionNs);
  });

  test('whole seconds have a resolution of 1 s', () => {
    const it = reader({ stamp: 'at' });
    const at = Math.floor(sentUnixNs / 1e9);
    const { stampNs } = it.read(JSON.stringify({ at }), undefined, undefined, atNs);
    expect((atNs - stampNs!) / 1e6).toBeCloseTo(8, 0);
    expect(it.findings()!.stamp!.resolutionNs).toBe(1e9);
  });

  test('an old event at first does not decide the unit of the others', () => {
    const startedMs = 1.76e12 / 1e6; // as many nanoseconds as Unix time has milliseconds
    const nowNs = (startedMs + 60_000) * 1e6;
    const it = reader({ stamp: 'at' }, { wallOffsetNs: () => 1.76e18 - nowNs });
    const read = (ageMs: number) => {
      const data = JSON.stringify({ at: 1.76e12 - ageMs });
      return (nowNs - it.read(data, undefined, undefined, nowNs).stampNs!) / 1e6;
    };
    read(10 * 60_000);
    expect(read(5)).toBeCloseTo(5, 2);
    expect(it.findings()!.stamp).toMatchObject({ clock: 'wall', resolutionNs: 1e6 });
  });

  test('another clock is not read, and counted', () => {
    const it = reader({ stamp: 'at' });
    for (const at of [123, '2020-01-01T00:00:00Z', 'noon', sentUnixNs / 1e6 - 2 * 3600e3])
      expect(it.read(JSON.stringify({ at }), undefined, undefined, atNs).stampNs).toBeUndefined();
    it.read('{"at":""}', undefined, undefined, atNs);
    expect(it.findings()!.stamp).toMatchObject({ found: 0, foreign: 4, absent: 1, clock: null });
  });

  test('a server on another machine has no stamps of our clock', () => {
    const it = reader({ stamp: 'at' }, { sameClock: false });
    const data = JSON.stringify({ at: sentUnixNs / 1e6 });
    expect(it.read(data, undefined, undefined, atNs).stampNs).toBeUndefined();
    expect(it.findings()!.stamp).toMatchObject({ found: 1, isElsewhere: true });
  });

  test('finds that the wall clock was set during the round', () => {
    let now = offsetNs;
    const it = reader({ stamp: 'at' }, { wallOffsetNs: () => now });
    it.read(JSON.stringify({ at: sentUnixNs / 1e6 }), undefined, undefined, atNs);
    now -= 250e6;
    expect(it.findings()!.stamp!.wallClockStepNs).toBeCloseTo(250e6, -3);
  });
});

test('both values come from one event, and the example has no values', () => {
  const it = reader({ sequence: 'seq', stamp: 'at' });
  expect(it.read(`{"seq":1,"at":${atNs}}`, undefined, undefined, atNs)).toEqual({
    number: 1,
    stampNs: atNs,
  });
  it.read('{"user":{"token":"abc123","age":7},"list":[1,2]}', undefined, undefined, atNs);
  const { sequence, stamp } = it.findings()!;
  expect(sequence).toEqual({
    found: 1,
    absent: 1,
    example: '{user: {token: text, age: number}, list: [number, …]}',
  });
  expect(stamp).toMatchObject({ found: 1, absent: 1 });
});

test('without a path, nothing is searched for', () => {
  const { sequence, stamp } = reader({ sequence: 'id' }).findings()!;
  expect(sequence).toEqual({ found: 0, absent: 0, example: '' });
  expect(stamp).toBeNull();
});
