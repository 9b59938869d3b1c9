/** The straight line through points, by least squares. Pure. */

export interface Line {
  slope: number;
  /** The standard error of the slope; NaN with fewer than three points. */
  slopeError: number;
}

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** @returns `undefined` if all points have the same x, or there are none */
export function lineThrough(
  points: readonly (readonly [x: number, y: number])[],
): Line | undefined {
  const [x, y] = [mean(points.map(([each]) => each)), mean(points.map(([, each]) => each))];
  const spread = points.reduce((sum, [each]) => sum + (each - x) ** 2, 0);
  if (!(spread > 0)) return undefined;
  const slope = points.reduce((sum, [eachX, eachY]) => sum + (eachX - x) * (eachY - y), 0) / spread;
  const rest = points.reduce(
    (sum, [eachX, eachY]) => sum + (eachY - y - slope * (eachX - x)) ** 2,
    0,
  );
  return { slope, slopeError: Math.sqrt(rest / (points.length - 2) / spread) };
}
