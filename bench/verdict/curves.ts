/**
 * Percentiles of whole distributions, for all servers that have them. Charts show these curves.
 * Pure.
 */
import { decodeDurations, samplesNeeded } from '../measure/durations.ts';
import { distributions } from '../metrics/distributions.ts';
import type { ServerRounds } from '../metrics/server-rounds.ts';
import type { HistogramName } from '../result/histogram-names.ts';

export interface Curve {
  histogram: HistogramName;
  label: string;
  definition: string;
  /**
   * Computed from all valid rounds together. A point is a share of the samples (0 to 1), and the
   * milliseconds that this share does not exceed.
   */
  lines: { server: string; samples: number; points: [share: number, ms: number][] }[];
}

/** Each step reduces the remaining share by about 11 %. */
const stepsOfTen = 20;
const deepest = 6 * stepsOfTen;

/** @returns a curve for each distribution in which any server has a sample */
export function curvesOver(servers: readonly ServerRounds[]): Curve[] {
  return distributions.flatMap(({ histogram, label, definition }) => {
    const lines = servers.flatMap((rounds) => lineOf(histogram, rounds) ?? []);
    return lines.length > 0 ? [{ histogram, label, definition, lines }] : [];
  });
}

function lineOf(
  histogram: HistogramName,
  { server, valid }: ServerRounds,
): Curve['lines'][number] | undefined {
  const durations = decodeDurations(valid.flatMap(({ histograms }) => histograms[histogram] ?? []));
  if (durations.count === 0) return undefined;
  const shares = Array.from(
    { length: deepest + 1 },
    (_, step) => 1 - 10 ** (-step / stepsOfTen),
  ).filter((share) => samplesNeeded(share) <= durations.count);
  return {
    server,
    samples: durations.count,
    points: [...shares, 1].map((share) => [share, durations.quantileMs(share)!]),
  };
}
