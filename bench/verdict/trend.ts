/** Whether something grows with time, over a measuring that is long enough to say so. Pure. */
import { lineThrough } from '../statistics/least-squares.ts';
import { studentQuantile } from '../statistics/student.ts';

export interface Trend {
  /** The slope, for an hour; and its 95 % interval. */
  perHour: number;
  low: number;
  high: number;
}

/** What is measured twice a second is alike from one time to the next: means of this many parts are nearly independent. */
const parts = 10;
/** In each part, so that one odd sample is not all of it. */
const leastSamples = 6;
const msPerHour = 3_600_000;

/**
 * The slope of the straight line through the means of ten parts of equal length, with Student's interval (8 degrees of
 * freedom).
 *
 * @param points milliseconds, and what was seen then; in order
 * @returns nothing where a part has too few
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
