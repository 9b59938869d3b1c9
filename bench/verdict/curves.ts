/** The percentiles of whole distributions, of all servers that have them: what charts of percentiles show. Pure. */
import { decodeDurations, samplesNeeded } from '../measure/histogram.ts';
import { distributions } from '../metrics/distributions.ts';
import type { ServerRounds } from '../metrics/server-rounds.ts';
import type { HistogramName } from '../result/histogram-names.ts';

export interface Curve {
  histogram: HistogramName;
  label: string;
  definition: string;
  /** Of all valid rounds together: pairs of a share of the samples, 0 to 1, and the milliseconds that it does not exceed. */
  lines: { server: string; samples: number; points: [share: number, ms: number][] }[];
}

/** Each step makes the rest a bit more than a tenth smaller. */
const stepsOfTen = 20;
const deepest = 6 * stepsOfTen;

/** @returns a curve of each distribution that any of the servers has a sample of */
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
