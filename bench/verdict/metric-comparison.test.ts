import { describe, expect, test } from 'vitest';
import { randomFrom } from '../statistics/random.ts';
import {
  compareMetric,
  moreRounds,
  narrowing,
  verdictOf,
  type Verdict,
} from './metric-comparison.ts';

const margin = 0.03;

test.each<[number, number, Verdict]>([
  [1.031, 1.2, 'worse'],
  [1.03, 1.2, 'inconclusive'],
  [0.98, 1.5, 'inconclusive'],
  [0.98, 1.03, 'same'],
  [0.971, 1.029, 'same'],
  [0.96, 1.029, 'inconclusive'],
  [0.8, 0.971, 'inconclusive'],
  [0.8, 0.97, 'better'],
])('an interval from %d to %d: %s', (low, high, verdict) =>
  expect(verdictOf({ interval: { low, high }, margin })).toBe(verdict),
);

const turned: Record<Verdict, Verdict> = {
  better: 'worse',
  worse: 'better',
  same: 'same',
  inconclusive: 'inconclusive',
};

describe('for any interval,', () => {
  const random = randomFrom(1);
  const any = Array.from({ length: 500 }, () => {
    const ratio = Math.exp((random() - 0.5) / 3);
    return {
      ratio,
      interval: { low: ratio * (1 - random() / 5), high: ratio * (1 + random() / 5) },
      margin,
    };
  });

  test('swapping the sides inverts the verdict', () => {
    for (const { interval } of any) {
      const other = { low: 1 / interval.high, high: 1 / interval.low };
      expect(verdictOf({ interval: other, margin })).toBe(turned[verdictOf({ interval, margin })]);
    }
  });

  test('the suggested rounds give a verdict, and fewer do not', () => {
    const rounds = 6;
    const advised = any
      .filter((each) => verdictOf(each) === 'inconclusive')
      .flatMap(({ ratio, interval }) => {
        // Equally wide on both sides.
        const factor = Math.max(interval.high / ratio, ratio / interval.low);
        const more = moreRounds({ ratio, interval, margin }, rounds);
        const after = (all: number) =>
          verdictOf({
            margin,
            interval: {
              low: ratio / factor ** narrowing(rounds, all),
              high: ratio * factor ** narrowing(rounds, all),
            },
          });
        return more === null
          ? []
          : [{ more, enough: after(rounds + more + 1), tooFew: after(rounds + more - 2) }];
      });
    expect(advised.length).toBeGreaterThan(50);
    expect(advised.filter(({ enough }) => enough === 'inconclusive')).toEqual([]);
    expect(advised.filter(({ more, tooFew }) => more > 2 && tooFew !== 'inconclusive')).toEqual([]);
  });

  test('a ratio at the edge of the margin suggests no rounds', () => {
    expect(moreRounds({ ratio: 1.0301, interval: { low: 0.9, high: 1.2 }, margin }, 6)).toBeNull();
  });
});

test('more rounds narrow an interval like Student’s t over their root (by scipy, 2.1314 / 4 over 2.5706 / √6)', () => {
  expect(
    Math.abs(narrowing(6, 16) - 2.131449545559323 / 4 / (2.5705818356363146 / Math.sqrt(6))),
  ).toBeLessThan(0.001);
});

test('negative figures have no verdict', () => {
  const over = (rounds: number[]) => ({
    rounds,
    together: (drawn: readonly unknown[]) => (drawn as number[])[0]!,
  });
  const compared = (before: number, after: number) =>
    compareMetric(
      { name: 'memory', primary: { margin } },
      over(Array(6).fill(before)),
      over(Array(6).fill(after)),
    );
  expect(compared(-1, -2)).toMatchObject({ interval: null, verdict: null });
  expect(compared(1, -2)).toMatchObject({ verdict: null, moreRounds: null });
});

test('with a floor, smaller and negative figures count as the floor', () => {
  const over = (value: number) => ({ rounds: Array(6).fill(value), together: () => value });
  const compared = (before: number, after: number) =>
    compareMetric({ name: 'memory', primary: { margin, floor: 1 } }, over(before), over(after));
  expect(compared(-3, 0.9)).toMatchObject({
    baseline: { together: -3 },
    candidate: { together: 0.9 },
    ratio: 1,
    verdict: 'same',
  });
  expect(compared(-3, 2)).toMatchObject({ ratio: 2, verdict: 'worse' });
  expect(compared(4, 0)).toMatchObject({ ratio: 0.25, verdict: 'better' });
});

test('a baseline that scatters around 0 has no interval', () => {
  const mean = (drawn: readonly unknown[]) =>
    (drawn as number[]).reduce((sum, value) => sum + value, 0);
  const over = (rounds: number[]) => ({ rounds, together: mean });
  const found = compareMetric(
    { name: 'memory', primary: { margin } },
    over([0, 0, 0, 0, 0, 1]),
    over([1, 1, 1, 1, 1, 1]),
  );
  expect(found).toMatchObject({ ratio: 6, interval: null, verdict: null });
});
