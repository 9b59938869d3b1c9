/** Why a comparison has no verdict, or lacks one on some metrics. Pure. */
import { metrics } from '../../metrics/metrics.ts';
import type { Metric } from '../../metrics/metric.ts';
import type { ServerComparison, Side } from '../../verdict/comparison.ts';
import { leastRounds, type MetricComparison } from '../../verdict/metric-comparison.ts';
import { counted, inALine } from './format.ts';

export type Role = 'baseline' | 'candidate';

export interface Gap {
  /** `No verdict`, or `No full verdict` if some metrics have one. */
  title: string;
  /** The reasons, without a full stop. They name the server, or the side if both have one name. */
  why: string;
  /** The sides that have too few valid rounds. */
  short: readonly Role[];
  /** Both sides have valid rounds, but no judged metric in common. */
  sharesNone: boolean;
}

export const metricNamed = (name: string): Metric =>
  metrics.find((metric) => metric.name === name)!;
export const labelsOf = (names: readonly string[]): string =>
  inALine(names.map((name) => metricNamed(name).label));

export const judgedIn = ({ metrics: compared }: ServerComparison): MetricComparison[] =>
  compared.filter(({ verdict }) => verdict !== null);

/** `the baseline`, or the server if the sides have different names. */
export const sideName = (comparison: ServerComparison, role: Role): string =>
  comparison.baseline.server === comparison.candidate.server
    ? `the ${role}`
    : comparison[role].server;

/** `1 invalid and 2 failed`; empty if no round was left out. */
export function excludedOf({
  invalidRounds,
  failedRounds,
}: Pick<Side, 'invalidRounds' | 'failedRounds'>): string {
  return inALine([
    ...(invalidRounds > 0 ? [`${invalidRounds} invalid`] : []),
    ...(failedRounds > 0 ? [`${failedRounds} failed`] : []),
  ]);
}

type Reason = (comparison: ServerComparison) => string | undefined;

/** All that apply are given, in this order. */
const reasons: readonly Reason[] = [sharesNone, hasTooFewRounds, hasLost, hasNoRatio];

/** @returns `undefined` if every metric that the baseline has was judged */
export function gapOf(comparison: ServerComparison): Gap | undefined {
  const found = reasons.flatMap((reason) => reason(comparison) ?? []);
  if (found.length === 0) return undefined;
  const none = sharesNone(comparison) !== undefined;
  return {
    title: judgedIn(comparison).length > 0 ? 'No full verdict' : 'No verdict',
    why: found.join('; '),
    short: none ? [] : shortSides(comparison),
    sharesNone: none,
  };
}

const sharedIn = ({ judged, metrics: compared }: ServerComparison) =>
  compared.filter(({ metric }) => judged.includes(metric));

function sharesNone(comparison: ServerComparison): string | undefined {
  const { baseline, candidate, lost } = comparison;
  if (Math.min(baseline.rounds, candidate.rounds) === 0 || lost.length > 0) return undefined;
  if (sharedIn(comparison).length > 0) return undefined;
  return `none of the judged metrics (${labelsOf(comparison.judged)}) is available for both with enough samples`;
}

const shortSides = (comparison: ServerComparison): Role[] =>
  (['baseline', 'candidate'] as const).filter((role) => comparison[role].rounds < leastRounds);

function hasTooFewRounds(comparison: ServerComparison): string | undefined {
  const short = sharesNone(comparison) === undefined ? shortSides(comparison) : [];
  const counts = short.map((role) => {
    const excluded = excludedOf(comparison[role]);
    return `${counted(comparison[role].rounds, 'valid round')}${excluded && ` (${excluded})`}`;
  });
  const [first] = counts;
  if (first === undefined) return undefined;
  const who =
    counts.length === 2 && first === counts[1]
      ? `each has ${first}`
      : inALine(short.map((role, at) => `${sideName(comparison, role)} has ${counts[at]}`));
  return `${who}, and verdicts need ${leastRounds}`;
}

function hasLost(comparison: ServerComparison): string | undefined {
  const [baseline, candidate] = [
    sideName(comparison, 'baseline'),
    sideName(comparison, 'candidate'),
  ];
  return comparison.lost.length > 0
    ? `${candidate} has no ${labelsOf(comparison.lost)}, which ${baseline} has`
    : undefined;
}

/** With enough rounds, a figure has no verdict if it is 0 or less. */
function hasNoRatio(comparison: ServerComparison): string | undefined {
  if (shortSides(comparison).length > 0) return undefined;
  const names = sharedIn(comparison).flatMap(({ metric, verdict }) =>
    verdict === null ? [metric] : [],
  );
  return names.length > 0 ? `a value of 0 or less has no ratio (${labelsOf(names)})` : undefined;
}
