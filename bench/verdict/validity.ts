/**
 * Decides whether the figures of a round are valid. A round beyond a limit says more about the load
 * or the machine than about the server. Each limit has its reason and its remedy.
 */
import { readingsOf } from '../metrics/metric.ts';
import type { Doubt, MeasuredRound } from '../result/run-result.ts';
import type { Check } from './limits/check.ts';
import { coreLimits } from './limits/core-limits.ts';
import { generatorLimits } from './limits/generator-limits.ts';
import { machineLimits } from './limits/machine-limits.ts';
import { planLimits } from './limits/plan-limits.ts';
import { stampLimits } from './limits/stamp-limits.ts';

/** All limits, in the order of the docs. */
export const checks: readonly Check[] = [
  ...planLimits,
  ...generatorLimits,
  ...stampLimits,
  ...machineLimits,
  ...coreLimits,
];

/** @returns every limit that a round is beyond; an empty list if its figures are valid */
export function doubtsOf(round: Omit<MeasuredRound, 'doubts'>): Doubt[] {
  const readings = readingsOf({ ...round, doubts: [] });
  return checks.flatMap(({ name, remedy, finding }) => {
    const found = finding(readings);
    return found === undefined ? [] : [{ check: name, finding: found, remedy }];
  });
}
