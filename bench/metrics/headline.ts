/**
 * Chooses the metrics of the short table: those of the scenario or load kind, or else the usual
 * ones.
 */
import type { RunResult } from '../result/run-result.ts';
import { features, kindOf } from '../scenario/kinds/kinds.ts';
import { namedScenarios } from '../scenario/named-scenarios.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Metric } from './metric.ts';
import { metrics } from './metrics.ts';

/** The metrics of a load without a scenario name: those of its kind, or of its first feature. */
const figuresOf = (scenario: Scenario): readonly string[] | undefined =>
  kindOf(scenario.load).figures ??
  features.find(([, feature]) => feature.isIn?.(scenario))?.[1].figures;

export function headlineMetrics({ scenario }: Pick<RunResult, 'scenario'>): Metric[] {
  const { name } = scenario;
  const names = name === null ? figuresOf(scenario) : namedScenarios[name]?.figures;
  return names
    ? names.flatMap((each) => metrics.find((metric) => metric.name === each) ?? [])
    : metrics.filter(({ headline }) => headline);
}
