/** Reads and writes durations such as `500ms`, `10s`, `2m`. */

const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** A duration with its unit, such as `500ms`, `10s` or `2m`. */
export type DurationText = `${number}${'ms' | 's' | 'm' | 'h'}`;

/** A number of milliseconds, or a text with a unit: `500ms`, `5s`, `2m`. */
export type Duration = number | DurationText;

/** Matches a duration. */
export const durationPattern = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/;

/** @returns milliseconds, or `undefined` if the text is not a duration */
export function parseDuration(text: string): number | undefined {
  const [, amount, unit] = durationPattern.exec(text.trim()) ?? [];
  if (amount === undefined) return undefined;
  // Binary fractions make 8.2m a little less than 492,000 ms. Rounding to the nanosecond corrects
  // that.
  return Number((Number(amount) * unitMs[unit as keyof typeof unitMs]).toFixed(6));
}

/** The shortest exact text of a duration, which `parseDuration` reads back: `1.5s`, `2m`. */
export function formatDuration(durationMs: number): string {
  if (durationMs >= 60_000 && durationMs % 60_000 === 0) return `${durationMs / 60_000}m`;
  return durationMs >= 1000 ? `${durationMs / 1000}s` : `${durationMs}ms`;
}
