/** The figures of the short table: the usual ones, or those of the scenario, by its name or by its load. */
import type { RunResult } from '../result/run-result.ts';
import { features, kindOf } from '../scenario/kinds/kinds.ts';
import { presets } from '../scenario/presets.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Metric } from './metric.ts';
import { metrics } from './metrics.ts';

/** The figures of a load that nobody called by its name: those of its kind, or of the first feature that it has. */
const figuresOf = (scenario: Scenario): readonly string[] | undefined =>
  kindOf(scenario.load).figures ??
  features.find(([, feature]) => feature.isIn?.(scenario))?.[1].figures;

export function headlineMetrics({ scenario }: Pick<RunResult, 'scenario'>): Metric[] {
  const { preset } = scenario;
  const names = preset === null ? figuresOf(scenario) : presets[preset]?.figures;
  return names
    ? names.flatMap((each) => metrics.find((metric) => metric.name === each) ?? [])
    : metrics.filter(({ headline }) => headline);
}
