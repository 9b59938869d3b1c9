import { describe, expect, test } from 'vitest';
import { randomFrom, shuffled } from '../statistics/random.ts';
import { createSequenceAudit } from './sequence.ts';

function audited(numbers: readonly number[], firstNumber: number | 'any' = 0) {
  const audit = createSequenceAudit(1, firstNumber);
  for (const number of numbers) audit.record(0, number);
  return audit.findings().counts;
}
const none = { missing: 0, duplicate: 0, outOfOrder: 0, flawedStreams: 0 };
const range = (count: number) => Array.from({ length: count }, (_, n) => n);

test.each<[string, number[], Partial<typeof none>]>([
  ['in order', [0, 1, 2, 3], {}],
  ['one lost', [0, 1, 3, 4], { missing: 1 }],
  ['the first lost', [2, 3], { missing: 2 }],
  ['one repeated', [0, 1, 1, 2], { duplicate: 1 }],
  ['one repeated twice', [0, 1, 1, 1, 2], { duplicate: 2 }],
  ['two swapped', [0, 2, 1, 3], { outOfOrder: 1 }],
  ['swapped, then repeated', [0, 2, 1, 1, 3], { outOfOrder: 1, duplicate: 1 }],
  ['the first two swapped', [1, 0, 2], { outOfOrder: 1 }],
  ['as late as the audit remembers', [0, ...range(33).slice(2), 1], { outOfOrder: 1 }],
  [
    'later than the audit remembers: missing, and counted as a repeat',
    [0, ...range(34).slice(2), 1],
    { missing: 1, duplicate: 1 },
  ],
  ['a jump longer than the audit remembers', [0, 100], { missing: 99 }],
])('%s', (_what, numbers, expected) =>
  expect(audited(numbers)).toEqual({
    ...none,
    flawedStreams: Object.keys(expected).length > 0 ? 1 : 0,
    ...expected,
  }),
);

test('counts exactly if every 10th is lost, every 25th repeated, every 40th swapped with its neighbour', () => {
  const sent = range(10_000).flatMap((n) => (n % 10 === 9 ? [] : n % 25 === 3 ? [n, n] : [n]));
  let swaps = 0;
  for (let at = 1; at + 1 < sent.length; at += 40) {
    if (sent[at] === sent[at + 1] || sent[at - 1] === sent[at] || sent[at + 1] === sent[at + 2])
      continue;
    [sent[at], sent[at + 1]] = [sent[at + 1]!, sent[at]!];
    swaps++;
  }
  expect(swaps).toBeGreaterThan(100);
  // The last number is lost too, but no receiver can know that.
  expect(audited(sent)).toEqual({
    missing: 999,
    duplicate: 400,
    outOfOrder: swaps,
    flawedStreams: 1,
  });
});

describe('a stream with an unknown first number', () => {
  test('has no missing numbers before its first one', () =>
    expect(audited([70, 71, 72], 'any')).toEqual(none));
  test('counts an earlier number as a repeat', () =>
    expect(audited([70, 69, 71], 'any')).toEqual({ ...none, duplicate: 1, flawedStreams: 1 }));
});

test('audits each stream separately', () => {
  const audit = createSequenceAudit(2, 0);
  for (const [stream, number] of [
    [0, 0],
    [1, 0],
    [0, 1],
    [1, 1],
    [1, 2],
    [0, 2],
  ] as const)
    audit.record(stream, number);
  expect(audit.findings().counts).toEqual(none);
});

test('any order within the remembered numbers has none missing and none repeated', () => {
  const random = randomFrom(3);
  for (let attempt = 0; attempt < 500; attempt++) {
    const numbers = Array.from({ length: 20 }, (_, block) =>
      shuffled(
        range(16).map((n) => block * 16 + n),
        random,
      ),
    ).flat();
    expect(audited(numbers)).toMatchObject({ missing: 0, duplicate: 0 });
  }
});
