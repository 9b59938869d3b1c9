/** Verdicts from outside on simulated servers whose rounds scatter as those of real ones do. */
import { expect, test } from 'vitest';
import { createHistogram } from '../measure/histogram.ts';
import { readingsOf } from '../metrics/metric.ts';
import { primaryMetrics } from '../metrics/metrics.ts';
import { randomFrom } from '../statistics/random.ts';
import { measuredRound } from '../tests/fixtures/helpers/result.ts';
import { calibrate } from './calibration.ts';

const fromOutside = primaryMetrics.filter(({ needs }) => !needs?.includes('process'));
/** By this share the median of a round differs from that of others, as on a busy machine. */
const scatter = 0.08;
const intervalMs = 100;

/** Rounds of a server that sends its headers after this time, with an exponential tail. */
function recorded(headersMs: number, random: () => number) {
  const tail = () => -Math.log(1 - random());
  return Array.from({ length: 30 }, (_, n) => {
    const factor = 1 + scatter * (2 * random() - 1);
    const encoded = (count: number, valueMs: () => number) => {
      const histogram = createHistogram();
      for (let sample = 0; sample < count; sample++) histogram.recordNs(valueMs() * factor * 1e6);
      return histogram.encode();
    };
    const headers = () => headersMs * (1 + 0.3 * tail());
    return readingsOf(
      measuredRound('it', n + 1, {
        process: null,
        histograms: {
          timeToHeaders: encoded(100, headers),
          timeToFirstEvent: encoded(100, () => intervalMs + headers()),
          eventGap: encoded(2_000, () => intervalMs + tail()),
          delivery: encoded(2_000, () => 0.2 + 0.3 * tail()),
        },
      }),
    );
  });
}
const options = { comparisons: 20, random: randomFrom(3) };

test('a server differs from itself in at most one of twenty comparisons', () => {
  const rounds = recorded(20, randomFrom(1));
  const { different, metrics } = calibrate(fromOutside, rounds, rounds, { ...options, rounds: 6 });
  expect(Object.keys(metrics)).toEqual(['headers.p50', 'ttfe.p50', 'gap.p95', 'delivery.p99']);
  expect(different).toBeLessThanOrEqual(1);
});

test('headers that come 20 % later are found', () => {
  const [one, other] = [recorded(20, randomFrom(1)), recorded(24, randomFrom(2))];
  const headers = fromOutside.filter(({ name }) => name === 'headers.p50');
  const { metrics } = calibrate(headers, one, other, { ...options, rounds: 12 });
  expect(metrics['headers.p50']!.worse).toBeGreaterThanOrEqual(19);
});
