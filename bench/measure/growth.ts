/** How fast a server's memory grows in a phase of a round. Pure. */
import type { Timeline } from '../result.ts';

/**
 * The slope of resident memory over the samples of a phase, by least squares.
 *
 * @returns nothing where there are fewer than two samples
 */
export function growthBytesPerSecond({ phases, samples }: Timeline, phase: string): number | undefined {
  const place = phases.findIndex((each) => each.phase === phase);
  const [fromMs, toMs] = [phases[place]?.atMs ?? Infinity, phases[place + 1]?.atMs ?? Infinity];
  const points = samples.flatMap(({ atMs, rssBytes }) => (atMs >= fromMs && atMs <= toMs && rssBytes !== null ? [[atMs / 1_000, rssBytes] as const] : []));
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(points.map(([s]) => s)), mean(points.map(([, bytes]) => bytes))];
  if (points.length < 2) return undefined;
  const spread = points.reduce((sum, [s]) => sum + (s - x) ** 2, 0);
  return spread === 0 ? undefined : points.reduce((sum, [s, bytes]) => sum + (s - x) * (bytes - y), 0) / spread;
}
