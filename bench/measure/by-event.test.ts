import { expect, test } from 'vitest';
import { mostEventNames } from '../result/event-data.ts';
import { addByEvent, createByEvent } from './by-event.ts';
import { decodeDurations } from './durations.ts';

const ms = 1e6;
const maximum = (encoded: string) => decodeDurations([encoded]).quantileMs(1);

test('each name has its own rate, gap and delivery', () => {
  const it = createByEvent(2);
  for (let n = 1; n <= 10; n++) {
    it.record(0, 'tick', n * 100 * ms, 2 * ms, true);
    it.record(1, 'tick', n * 100 * ms, 2 * ms, true);
    if (n % 5 === 0) it.record(0, undefined, (n * 100 + 1) * ms, undefined, true);
  }
  it.record(0, 'tick', 9_000 * ms, 2 * ms, false);
  const [tick, message] = it.findings().byEvent;
  expect(tick).toMatchObject({ name: 'tick', events: 20 });
  expect(maximum(tick!.gap)).toBeCloseTo(100, 0);
  expect(maximum(tick!.delivery)).toBeCloseTo(2, 2);
  expect(message).toMatchObject({ name: 'message', events: 2 });
  expect(maximum(message!.gap)).toBeCloseTo(500, 0);
  expect(maximum(message!.delivery)).toBeUndefined();
});

test('the time between two connections is no gap', () => {
  const it = createByEvent(1);
  it.record(0, 'a', ms, undefined, true);
  it.forget(0);
  it.record(0, 'a', 900 * ms, undefined, true);
  expect(maximum(it.findings().byEvent[0]!.gap)).toBeUndefined();
});

test('more names count together, long ones are cut, and secrets are hidden', () => {
  const it = createByEvent(1);
  it.record(0, 'x'.repeat(1_000), ms, undefined, true);
  it.record(0, 'token=abc', ms, undefined, true);
  for (let n = 0; n < 100; n++) it.record(0, `name-${n}`, n * ms, undefined, true);
  const { byEvent } = it.findings();
  expect(byEvent).toHaveLength(mostEventNames + 1);
  expect(byEvent[0]!.name).toHaveLength(61);
  expect(byEvent[1]!.name).toBe('token=hidden');
  expect(byEvent.at(-1)).toMatchObject({ name: '(other names)', events: 82 });
});

test('generators may have met the names in another order', () => {
  const of = (names: readonly string[]) => {
    const it = createByEvent(1);
    for (const [n, name] of names.entries()) it.record(0, name, (n + 1) * ms, ms, true);
    return it.findings().byEvent;
  };
  const total = of(['a', 'b', 'a']);
  addByEvent(total, of(['b', 'c']));
  expect(total.map(({ name, events }) => [name, events])).toEqual([
    ['a', 2],
    ['b', 2],
    ['c', 1],
  ]);
  expect(decodeDurations([total[1]!.delivery]).count).toBe(2);
});
