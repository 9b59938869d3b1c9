/** Formats numbers and lists for people. */
import type { Unit } from '../../metrics/metric.ts';
import type { Spread } from '../../metrics/summary.ts';

/**
 * Number formats by their number of decimals. Created once, because creating one takes 100 times as
 * long as using it.
 */
const decimalFormats = [0, 1, 2, 3].map(
  (digits) =>
    new Intl.NumberFormat('en-US', {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    }),
);

/** Three significant digits, with thousands separators: `0.062`, `8.41`, `102`, `24,860`. */
export function formatNumber(value: number): string {
  const size = Math.abs(value);
  const isWhole = Number.isInteger(value) || size >= 100;
  return decimalFormats[isWhole ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3]!.format(value);
}

export const formatRatio = (ratio: number): string =>
  ratio < 10 ? ratio.toFixed(2) : formatNumber(ratio);

/** The median, with the range of the rounds in brackets if they differ: `8.41 (8.02–9.10)`. */
export function formatSpread(spread: Spread | 'too few' | undefined): string {
  if (spread === undefined) return '–';
  if (spread === 'too few') return spread;
  const [median, min, max] = [spread.median, spread.min, spread.max].map(formatNumber);
  return min === max ? median! : `${median} (${min}–${max})`;
}

/** The title of a column: `delivery p99, ms`. */
export function withUnit(label: string, unit: Unit): string {
  return unit === '' ? label : `${label}, ${unit}`;
}

/** A value with its unit: `81.0 ms`, `1,200/s`, `3`. */
export const formatWithUnit = (value: number, unit: Unit): string =>
  `${formatNumber(value)}${unit === '' || unit === '/s' ? unit : ` ${unit}`}`;

/** A duration rounded to seconds: `2 min 40 s`. */
export function formatRoughly(durationMs: number): string {
  const seconds = Math.max(0, Math.round(durationMs / 1000));
  if (seconds < 60) return `${seconds} s`;
  return seconds % 60 === 0
    ? `${seconds / 60} min`
    : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Joins items: `one, other and third`. */
export const inALine = (items: readonly string[]): string =>
  [items.slice(0, -1).join(', '), ...items.slice(-1)].filter((part) => part !== '').join(' and ');

/** A count with its noun: `1 round`, `1,200 events`. */
export const counted = (count: number, noun: string): string =>
  `${formatNumber(count)} ${noun}${count === 1 ? '' : 's'}`;
