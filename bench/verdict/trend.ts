/** Decides whether something grows over time, in a measurement that is long enough. Pure. */
import { lineThrough } from '../statistics/least-squares.ts';
import { studentQuantile } from '../statistics/student.ts';

export interface Trend {
  /** The slope per hour. `low` and `high` are its 95 % interval. */
  perHour: number;
  low: number;
  high: number;
}

/**
 * Samples are taken twice a second, and neighbouring samples are similar. The means of this many
 * parts are nearly independent.
 */
const parts = 10;
/** Minimum samples in each part, so that a single outlier does not decide it. */
const leastSamples = 6;
const msPerHour = 3_600_000;

/**
 * Fits a straight line through the means of ten parts of equal length, with Student's interval (8
 * degrees of freedom).
 *
 * @param points milliseconds and value, in order of time
 * @returns the slope, or `undefined` if a part has too few samples
 */
export function trendOf(
  points: readonly (readonly [atMs: number, value: number])[],
): Trend | undefined {
  const [firstMs, lastMs] = [points[0]?.[0] ?? 0, points.at(-1)?.[0] ?? 0];
  const partOf = (atMs: number) =>
    Math.min(parts - 1, Math.floor((parts * (atMs - firstMs)) / (lastMs - firstMs)));
  const groups = Map.groupBy(points, ([atMs]) => partOf(atMs));
  if (groups.size < parts || [...groups.values()].some(({ length }) => length < leastSamples))
    return undefined;
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const line = lineThrough(
    [...groups.values()].map((group) => [
      mean(group.map(([atMs]) => atMs)),
      mean(group.map(([, value]) => value)),
    ]),
  );
  if (!line) return undefined;
  const half = studentQuantile(0.975, parts - 2) * line.slopeError;
  return {
    perHour: line.slope * msPerHour,
    low: (line.slope - half) * msPerHour,
    high: (line.slope + half) * msPerHour,
  };
}
