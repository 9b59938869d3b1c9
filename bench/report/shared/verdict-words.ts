/** Describes verdicts on a server: of its load kind, and on expectations. */
import { metrics } from '../../metrics/metrics.ts';
import type { ServerKindVerdict } from '../../verdict/kind-verdicts.ts';
import type { ThresholdVerdict } from '../../verdict/thresholds.ts';
import { formatWithUnit } from './format.ts';

const words = { held: 'holds', broken: 'does not hold', unknown: 'could not be checked' };

/** One line for a threshold of a server. */
export const describeThreshold = (verdict: ThresholdVerdict): string =>
  `${verdict.server}: ${verdict.threshold.text} ${words[verdict.state]}: ${foundIn(verdict)}`;

/** The value found, such as `81.0 ms`, or why there is none. */
export function foundIn({ threshold, found, reason }: ThresholdVerdict): string {
  if (found === undefined) return reason;
  const { unit } = metrics.find(({ name }) => name === threshold.metric)!;
  return formatWithUnit(found, unit);
}

/** One line for the verdict of the load kind on a server. */
export const describeKindVerdict = ({ server, state, sentence }: ServerKindVerdict): string =>
  `${server}: ${state}: ${sentence}`;
