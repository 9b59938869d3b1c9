/** How fast a server's memory grows in a phase of a round. Pure. */
import type { Timeline } from '../result/run-result.ts';
import { lineThrough } from '../statistics/least-squares.ts';

/**
 * The slope of resident memory over the samples of a phase, by least squares.
 *
 * @returns bytes per second; `undefined` with fewer than two samples
 */
export function growthBytesPerSecond(
  { phases, samples }: Timeline,
  phase: string,
): number | undefined {
  const place = phases.findIndex((each) => each.phase === phase);
  const [fromMs, toMs] = [phases[place]?.atMs ?? Infinity, phases[place + 1]?.atMs ?? Infinity];
  const points = samples.flatMap(({ atMs, rssBytes }) =>
    atMs >= fromMs && atMs <= toMs && rssBytes !== null ? [[atMs / 1_000, rssBytes] as const] : [],
  );
  return lineThrough(points)?.slope;
}
