/** The figures of the short table: the usual ones, or those of the scenario by its name. */
import type { Metric } from '../measure/metric.ts';
import { metrics } from '../measure/metrics.ts';
import type { RunResult } from '../result.ts';
import { presets } from '../scenario/presets.ts';

export function headlineMetrics({ scenario: { preset } }: Pick<RunResult, 'scenario'>): Metric[] {
  const names = preset === null ? undefined : presets[preset]?.figures;
  return names ? names.flatMap((name) => metrics.find((metric) => metric.name === name) ?? []) : metrics.filter(({ headline }) => headline);
}
