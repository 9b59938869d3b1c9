/** Decides which metrics judge a comparison of two servers. Pure. */
import type { Metric } from '../metrics/metric.ts';
import { inspectedMetrics, metrics, primaryMetrics } from '../metrics/metrics.ts';
import type { ServerRounds } from '../metrics/server-rounds.ts';
import type { RunResult } from '../result/run-result.ts';

type Side = Pick<ServerRounds, 'valid' | 'over'>;

/** Whether ssebench measured only the streams of a server, or only parts of its process. */
const isFromOutside = ({ valid }: Side): boolean =>
  valid.some(({ process }) => process === null || process.loaded.heapBytes === null);

/**
 * @param isCandidateOutside whether the candidate is measured only from outside; known before its
 * first round
 * @returns the metrics that can decide. If one of the sides is measured from outside, metrics of the
 * streams decide instead of those of the process, which then count only if both sides have them. At
 * unlimited rate, buffers are full and the time an event waits in them means nothing, so delivery
 * decides nothing.
 */
export function judgedFor(
  { intervalMs }: Pick<RunResult['scenario'], 'intervalMs'>,
  baseline: Side,
  candidate: Side | undefined,
  isCandidateOutside: boolean = candidate !== undefined && isFromOutside(candidate),
): Metric[] {
  const fromOutside = isCandidateOutside || isFromOutside(baseline);
  return primaryMetrics.filter((metric) => {
    if (intervalMs === 0 && metric.quantile?.histogram === 'delivery') return false;
    if (!fromOutside) return inspectedMetrics.includes(metric);
    const ofProcess = metric.needs?.includes('process') === true;
    return !ofProcess || [baseline, candidate].every((side) => side?.over(metric) !== undefined);
  });
}

/** All metrics, of which only the judged ones are primary. */
export const withPrimary = (judged: readonly Metric[]): Metric[] =>
  metrics.map((metric) => {
    if (judged.includes(metric)) return metric;
    const { primary: _, ...others } = metric;
    return others;
  });
