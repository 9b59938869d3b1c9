/** The figures of the short table: the usual ones, or those of the scenario, by its name or by its load. */
import type { Metric } from '../../metrics/metric.ts';
import { metrics } from '../../metrics/metrics.ts';
import type { RunResult } from '../../result/run-result.ts';
import { presets } from '../../scenario/presets.ts';
import type { Scenario } from '../../scenario/scenario.ts';

/** What tells of a load that nobody called by its name. */
const signs: readonly [preset: string, isIt: (scenario: Scenario) => boolean][] = [
  ['reconnect-storm', ({ cut }) => cut !== null],
  ['finite', ({ eventsEach }) => eventsEach !== null],
  ['churn', ({ churn }) => churn !== null],
  ['slow-readers', ({ slowReaders }) => slowReaders > 0],
  ['disconnect-storm', ({ stayingStreams }) => stayingStreams > 0],
  ['firehose', ({ intervalMs }) => intervalMs === 0],
];

export function headlineMetrics({ scenario }: Pick<RunResult, 'scenario'>): Metric[] {
  const name = scenario.preset ?? signs.find(([, isIt]) => isIt(scenario))?.[0];
  const names = name === undefined ? undefined : presets[name]?.figures;
  return names
    ? names.flatMap((each) => metrics.find((metric) => metric.name === each) ?? [])
    : metrics.filter(({ headline }) => headline);
}
