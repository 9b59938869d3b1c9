import { expect, test } from 'vitest';
import { measuredRound } from '../tests/fixtures/helpers/result.ts';
import { readingsOf } from '../metrics/metric.ts';
import { inspectedMetrics } from '../metrics/metrics.ts';
import { randomFrom } from '../statistics/random.ts';
import { calibrate } from './calibration.ts';

const cpu = inspectedMetrics.filter(({ name }) => name === 'cpu');
const memory = inspectedMetrics.filter(({ name }) => name === 'memory');

/**
 * Rounds with 10 ms of CPU time for each `ms`, scattered uniformly by the share `scatter` in both
 * directions.
 */
function recorded(ms: number, scatter: number, random: () => number) {
  return Array.from({ length: 60 }, (_, n) => {
    const round = measuredRound('it', n + 1);
    return readingsOf({
      ...round,
      process: { ...round.process!, cpuNs: ms * 1e7 * (1 + scatter * (2 * random() - 1)) },
    });
  });
}
const options = { comparisons: 80, rounds: 6, random: randomFrom(2) };

test('a server that scatters less than the margin is always the same as itself', () => {
  const rounds = recorded(50, 0.01, randomFrom(1));
  expect(calibrate(cpu, rounds, rounds, options)).toEqual({
    metrics: { cpu: { better: 0, worse: 0, same: 80, inconclusive: 0 } },
    different: 0,
  });
});

test('a server that costs 50 % more is always worse, and the other always better', () => {
  const [one, other] = [recorded(50, 0.05, randomFrom(1)), recorded(75, 0.05, randomFrom(2))];
  expect(calibrate([...cpu, ...memory], one, other, options)).toMatchObject({
    metrics: { cpu: { worse: 80 }, memory: { same: 80 } },
    different: 80,
  });
  expect(calibrate(cpu, other, one, options)).toMatchObject({
    metrics: { cpu: { better: 80 } },
    different: 80,
  });
});

test('a server that scatters widely is inconclusive, and rarely anything else', () => {
  const rounds = recorded(50, 0.5, randomFrom(1));
  const { metrics, different } = calibrate(cpu, rounds, rounds, options);
  expect(metrics.cpu!.inconclusive).toBeGreaterThan(72);
  expect(different).toBe(metrics.cpu!.better + metrics.cpu!.worse);
});

test('a comparison of a server with itself has no round on both sides', () => {
  const rounds = [
    ...recorded(50, 0, () => 0.5).slice(0, 6),
    ...recorded(75, 0, () => 0.5).slice(0, 6),
  ];
  const asTheyAre = () => 1 - Number.EPSILON; // leaves the order unchanged
  expect(
    calibrate(cpu, rounds, rounds, { comparisons: 1, rounds: 6, random: asTheyAre }).metrics,
  ).toMatchObject({ cpu: { worse: 1 } });
});
