/**
 * Chooses the metrics of the short table: those of the scenario or load kind, or else those that
 * its servers can have.
 */
import { decideNumbering } from '../measure/numbering.ts';
import type { RunResult } from '../result/run-result.ts';
import { features, kindOf } from '../scenario/kinds/kinds.ts';
import { namedScenarios } from '../scenario/named-scenarios.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Metric } from './metric.ts';
import { metrics } from './metrics.ts';

const usual = metrics.filter(({ headline }) => headline).map(({ name }) => name);

/** Added if some of the servers send the same numbers to all streams. */
const ofFeeds = ['fan-out.p50', 'fan-out.max'];

/** The metrics of servers that ssebench did not start. Some need an interval or stamps. */
const fromOutside = [
  'headers.p50',
  'headers.p95',
  'ttfe.p50',
  'ttfe.p95',
  'gap.p50',
  'gap.p95',
  'gap.p99',
  'longest-silence',
  'lag.p99',
  'delivery.p99',
  ...ofFeeds,
  'events-per-read',
  'events',
  'failed',
  'missing',
];

/**
 * Added to the usual metrics if some of the servers are measured from outside, or send no stamps.
 */
const forBoth = ['headers.p95', 'ttfe.p95', 'gap.p99', 'events'];

/** The metrics of a load without a scenario name: those of its kind and of its features. */
function figuresOf(scenario: Scenario): readonly string[] | undefined {
  const selected = [
    kindOf(scenario.load),
    ...features.flatMap(([, feature]) => (feature.isIn?.(scenario) ? feature : [])),
  ];
  const names = new Set(selected.flatMap(({ figures = [] }) => figures));
  return names.size > 0 ? [...names] : undefined;
}

/**
 * Every round of a server with a process has figures of the process. Without the inspector, only
 * resident memory is known.
 */
function figuresFor(rounds: RunResult['rounds']): readonly string[] {
  const measured = rounds.filter((round) => round.state === 'measured');
  const outside = measured.filter(({ process }) => process === null).length;
  if (measured.length === 0) return usual;
  if (outside === measured.length) return fromOutside;
  const ofProcess = measured.some(({ process }) => typeof process?.loaded.heapBytes === 'number')
    ? usual
    : usual.map((name) => (name === 'memory' ? 'rss' : name));
  // A round without any event does not show whether its server stamps them.
  const lacksStamps = measured.some(({ counts }) => counts.events > 0 && counts.stamped === 0);
  const hasFeed = measured.some(({ numbering }) => decideNumbering(numbering)?.kind === 'feed');
  return [
    ...(outside === 0 && !lacksStamps ? [] : forBoth),
    ...ofProcess,
    ...(hasFeed ? ofFeeds : []),
  ];
}

export function headlineMetrics({
  scenario,
  rounds,
}: Pick<RunResult, 'scenario' | 'rounds'>): Metric[] {
  const { name } = scenario;
  const names =
    (name === null ? figuresOf(scenario) : namedScenarios[name]?.figures) ?? figuresFor(rounds);
  return names.flatMap((each) => metrics.find((metric) => metric.name === each) ?? []);
}
