import { describe, expect, test } from 'vitest';
import { measuredRound } from '../tests/fixtures/helpers/result.ts';
import { randomFrom } from '../statistics/random.ts';
import { decodeDurations } from '../measure/durations.ts';
import { createHistogram } from '../measure/histogram.ts';
import { readingsOf } from './metric.ts';
import { metrics } from './metrics.ts';
import { overRounds } from './over-rounds.ts';

const metric = (name: string) => metrics.find((each) => each.name === name)!;
const round = (overrides: Parameters<typeof measuredRound>[2] = {}) =>
  readingsOf(measuredRound('it', 1, overrides));
const { histograms } = measuredRound('it', 1);

/** Encodes 1,000 to 2,000 durations, a different number in each round, from 1 µs to 100,000 µs. */
function encodedAtRandom(random: () => number): string {
  const histogram = createHistogram();
  for (let left = 1_000 + random() * 1_000; left > 0; left--)
    histogram.recordNs(1_000 * 10 ** (5 * random()));
  return histogram.encode();
}

function encodedAround(centreNs: number, random: () => number): string {
  const histogram = createHistogram();
  for (let n = 0; n < 40; n++) histogram.recordNs(centreNs * (1 + random()));
  return histogram.encode();
}

describe('quantiles', () => {
  test.each(['delivery.p50', 'delivery.p90', 'delivery.p95', 'delivery.p99', 'delivery.max'])(
    '%s of any rounds is that of their merged histograms',
    (name) => {
      const random = randomFrom(1);
      const encoded = Array.from({ length: 6 }, () => encodedAtRandom(random));
      const { quantile } = metric(name);
      const over = overRounds(
        metric(name),
        encoded.map((delivery) => round({ histograms: { ...histograms, delivery } })),
      )!;
      for (const drawn of [[0, 1, 2, 3, 4, 5], [0], [5, 5, 5], [3, 0, 3, 1, 2, 2]]) {
        const merged = decodeDurations(drawn.map((index) => encoded[index]!)).quantileMs(
          quantile!.share,
        );
        expect(over.together(drawn.map((index) => over.rounds[index]!))).toBe(merged);
      }
    },
  );

  const spread = randomFrom(2);
  const distant = Array.from({ length: 300 }, () =>
    encodedAround(1_000 * 10 ** (8 * spread()), spread),
  );
  const draws = randomFrom(3);
  const indices = Array.from({ length: 50 }, () =>
    Array.from({ length: 1 + Math.floor(600 * draws()) }, () => Math.floor(300 * draws())),
  );
  // Merged once for all quantiles, because decoding takes most of the time.
  const merged = indices.map((drawn) => decodeDurations(drawn.map((index) => distant[index]!)));
  test.each(['delivery.p50', 'delivery.p99', 'delivery.max'])(
    '%s of 300 rounds with distant values',
    (name) => {
      const { quantile } = metric(name);
      const over = overRounds(
        metric(name),
        distant.map((delivery) => round({ histograms: { ...histograms, delivery } })),
      )!;
      expect(
        indices.map((drawn) => over.together(drawn.map((index) => over.rounds[index]!))),
      ).toEqual(merged.map((durations) => durations.quantileMs(quantile!.share)));
    },
  );

  test('are not means of the rounds', () => {
    const histogramOf = (...durationsMs: number[]) => {
      const histogram = createHistogram();
      for (let n = 0; n < 1_000; n++)
        histogram.recordNs(durationsMs[n % durationsMs.length]! * 1e6);
      return histogram.encode();
    };
    const over = overRounds(
      metric('delivery.p50'),
      [histogramOf(1), histogramOf(1), histogramOf(100)].map((delivery) =>
        round({ histograms: { ...histograms, delivery } }),
      ),
    )!;
    expect(over.together(over.rounds)).toBeCloseTo(1, 2);
  });
});

test('other figures are averaged', () => {
  const over = overRounds(metric('events'), [round(), round({ durationMs: 5_000 })])!;
  expect(over.together(over.rounds)).toBe(7_500);
  expect(over.together([over.rounds[1]!, over.rounds[1]!])).toBe(5_000);
});

test('CPU time is the mean of the lower half, because interference can only add to it', () => {
  const { process } = round();
  const over = overRounds(
    metric('cpu'),
    [20, 90, 22, 24, 50].map((us) => round({ process: { ...process!, cpuNs: us * 25e6 } })),
  )!;
  expect(over.together(over.rounds)).toBeCloseTo(22, 10);
  expect(over.together(over.rounds.slice(1, 3))).toBeCloseTo(22, 10);
  expect(over.rounds).toEqual([20, 90, 22, 24, 50].map((us) => expect.closeTo(us, 10)));
});

test.each([
  ['no rounds', 'cpu', []],
  ['a round without it', 'cpu', [round(), round({ process: null })]],
  ['too few samples', 'delivery.p99.9', [round()]],
])('no value: %s', (_what, name, rounds) =>
  expect(overRounds(metric(name), rounds)).toBeUndefined(),
);
