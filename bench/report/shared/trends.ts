/** Figures that grow over time, in a sentence for each round. Pure. */
import type { Trend } from '../../verdict/trend.ts';
import type { RoundTrends } from '../../verdict/trends.ts';
import { formatNumber } from './format.ts';

const words = {
  memory: { what: 'memory', unit: 'MB' },
  delivery: { what: 'mean delivery', unit: 'ms' },
} as const satisfies Record<RoundTrends['trends'][number]['of'], { what: string; unit: string }>;

export function trendLines(all: readonly RoundTrends[]): string[] {
  return all.map(({ server, round, trends }) => {
    const found = trends.map((trend) => {
      const { what, unit } = words[trend.of];
      return `${what} ${inWords(trend, unit)}`;
    });
    return `${server}, round ${round}: ${found.join('; ')}.`;
  });
}

function inWords({ perHour, low, high }: Trend, unit: string): string {
  const interval = `(${formatNumber(low)} to ${formatNumber(high)})`;
  if (low <= 0 && high >= 0)
    return `has no significant trend: ${formatNumber(perHour)} ${unit} per hour ${interval}`;
  return `${perHour > 0 ? 'grows' : 'shrinks'} by ${formatNumber(Math.abs(perHour))} ${unit} per hour ${interval}`;
}
