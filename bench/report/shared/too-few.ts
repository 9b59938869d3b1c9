/** Notes on percentiles with too few samples: how many they need, and the option that adds them. */
import { samplesNeeded } from '../../measure/durations.ts';
import type { Metric, SamplesGrowWith } from '../../metrics/metric.ts';
import type { ServerSummary } from '../../metrics/summary.ts';
import { formatDuration } from '../../scenario/duration.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { formatNumber, inALine } from './format.ts';

/**
 * @param columns of the table; those with enough samples are ignored
 * @returns a sentence for each group of columns that lack equally many samples
 */
export function tooFewNotes(
  columns: readonly Metric[],
  summaries: readonly ServerSummary[],
  scenario: Scenario,
): string[] {
  const lacking = columns.flatMap((metric) => lackOf(metric, summaries, scenario) ?? []);
  return [...Map.groupBy(lacking, ({ samples }) => samples)].map(
    ([samples, same]) =>
      `Too few samples for ${inALine(same.map(({ label }) => label))}: ${samples}.`,
  );
}

/** Describes the server with the fewest samples. */
function lackOf(
  { name, label, quantile }: Metric,
  summaries: readonly ServerSummary[],
  scenario: Scenario,
): { label: string; samples: string } | undefined {
  const lacking = summaries.filter(({ figures }) => figures.get(name) === 'too few');
  if (!quantile || lacking.length === 0) return undefined;
  const { histogram, share, samplesGrowWith } = quantile;
  const [least] = lacking.toSorted((a, b) => a.samples[histogram] - b.samples[histogram]);
  const { samples, server, measuredRounds } = least!;
  const needed = samplesNeeded(share);
  const option = optionFor(samplesGrowWith, needed / samples[histogram], measuredRounds, scenario);
  const who = lacking.length < summaries.length ? ` (${server})` : '';
  return {
    label,
    samples: `${formatNumber(samples[histogram])} of ${formatNumber(needed)}${who}${option && `; use ${option}`}`,
  };
}

/** A tenth more events than needed, since their number varies. */
const reserve = 1.1;

/** @returns the option with its value; empty for a search, which chooses its own load */
function optionFor(
  growWith: SamplesGrowWith,
  times: number,
  measuredRounds: number,
  { load, streams, durationMs }: Scenario,
): string {
  if (growWith === 'duration')
    return `--duration ${formatDuration(1_000 * Math.ceil((durationMs * times * reserve) / 1_000))}`;
  if (load.kind === 'search') return '';
  return growWith === 'streams' && load.kind !== 'churn'
    ? `--streams ${roundedUp(streams * times)}`
    : `--rounds ${Math.ceil(measuredRounds * times)}`;
}

/** Two significant digits: 3,412 becomes 3,500. */
function roundedUp(value: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);
  return unit * Math.ceil(value / unit);
}
