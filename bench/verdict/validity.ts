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

/** A round that ends with a shutdown has no figures of the process, although ssebench started it. */
const isOfUrl = ({ process, outcome }: Pick<MeasuredRound, 'process' | 'outcome'>): boolean =>
  process === null && outcome?.kind !== 'shutdown';

/**
 * @param loadCores how many cores the generators had; `undefined` if ssebench did not choose them
 * @returns every limit that a round is beyond; an empty list if its figures are valid
 */
export function doubtsOf(round: Omit<MeasuredRound, 'doubts'>, loadCores?: number): Doubt[] {
  const readings = readingsOf({ ...round, doubts: [] });
  return checks.flatMap(({ name, finding, ...check }) => {
    const found = finding(readings, loadCores);
    if (found === undefined) return [];
    const further = isOfUrl(round) && check.remedyForUrl ? ` ${check.remedyForUrl}` : '';
    return [{ check: name, finding: found, remedy: check.remedy + further }];
  });
}
