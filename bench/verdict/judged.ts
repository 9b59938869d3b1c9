/** Decides which metrics judge a comparison of two servers. Pure. */
import type { Metric } from '../metrics/metric.ts';
import { inspectedMetrics, metrics, primaryMetrics } from '../metrics/metrics.ts';
import type { ServerRounds } from '../metrics/server-rounds.ts';
import type { HistogramName } from '../result/histogram-names.ts';
import { coarseStampNs } from '../result/event-data.ts';
import type { RunResult } from '../result/run-result.ts';

type Side = Pick<ServerRounds, 'valid' | 'over'>;

/** Whether ssebench measured only the streams of a server, or only parts of its process. */
const isFromOutside = ({ valid }: Side): boolean =>
  valid.some(({ process }) => process === null || process.loaded.heapBytes === null);

/** The step between two stamps of a server, in nanoseconds; 0 if it is negligible. */
function stampStepNs({ valid }: Side): number {
  const stepsNs = valid.map(({ eventData }) => eventData.stamp?.resolutionNs ?? 0);
  const longestNs = Math.max(0, ...stepsNs);
  return longestNs < coarseStampNs ? 0 : longestNs;
}

/**
 * @param isCandidateOutside whether the candidate is measured only from outside; known before its
 * first round
 * @returns the metrics that can decide. If one of the sides is measured from outside, metrics of the
 * streams decide instead of those of the process, which then count only if both sides have them. At
 * unlimited rate, buffers are full and the time an event waits in them means nothing, so delivery
 * decides nothing. Nor does it if the stamps of one side are coarser: they are rounded down, so its
 * delivery seems longer.
 */
export function judgedFor(
  { intervalMs }: Pick<RunResult['scenario'], 'intervalMs'>,
  baseline: Side,
  candidate: Side | undefined,
  isCandidateOutside: boolean = candidate !== undefined && isFromOutside(candidate),
): Metric[] {
  const fromOutside = isCandidateOutside || isFromOutside(baseline);
  const bothHave = (metric: Metric) =>
    [baseline, candidate].every((side) => side?.over(metric) !== undefined);
  const isCoarser = candidate !== undefined && stampStepNs(baseline) !== stampStepNs(candidate);
  return primaryMetrics.filter((metric) => {
    if (metric.quantile?.histogram === 'delivery') {
      if (intervalMs === 0 || (isCoarser && bothHave(metric))) return false;
    }
    if (!fromOutside) return inspectedMetrics.includes(metric);
    return metric.needs?.includes('process') !== true || bothHave(metric);
  });
}

/** These include the interval of the server. */
const includeInterval = new Set<HistogramName | undefined>(['timeToFirstEvent', 'eventGap']);

/**
 * The same for two servers of one run. Each may send at an interval of its own. A server that sends
 * less often is not worse, so metrics that include the interval then decide nothing.
 */
export function judgedWithin(
  scenario: Pick<RunResult['scenario'], 'intervalMs'>,
  baseline: Side,
  candidate: Side,
): Metric[] {
  const [one, other] = [baseline, candidate].map(({ valid }) => valid[0]?.intervalMs);
  const isSame = one === other || one === undefined || other === undefined;
  return judgedFor(scenario, baseline, candidate).filter(
    ({ quantile }) => isSame || !includeInterval.has(quantile?.histogram),
  );
}

/** All metrics, of which only the judged ones are primary. */
export const withPrimary = (judged: readonly Metric[]): Metric[] =>
  metrics.map((metric) => {
    if (judged.includes(metric)) return metric;
    const { primary: _, ...others } = metric;
    return others;
  });
