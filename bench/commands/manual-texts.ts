/** The texts of the manuals, from the tables that the docs are generated from. */
import { catalog } from '../../servers/catalog.ts';
import { metricGroups, type Metric } from '../metrics/metric.ts';
import { familyName, metrics } from '../metrics/metrics.ts';
import { optionsOfScenario, smallOptionsOf } from '../report/markdown/readme.ts';
import { withUnit } from '../report/shared/format.ts';
import { remediesOf } from '../report/shared/remedies.ts';
import { exitCodes, exitCodeWords } from '../result/exit-codes.ts';
import type { NamedScenario } from '../scenario/kinds/kind.ts';
import { namedScenarios } from '../scenario/named-scenarios.ts';
import { checks } from '../verdict/validity.ts';
import { called } from './invocation.ts';
import { ownServerWays } from './own-server-ways.ts';
import { paragraph, rows, sectionText, type Row } from './text-layout.ts';

/** The tables are written for Markdown. A terminal needs no marks of code. */
const plain = (markdown: string) => markdown.replaceAll(/`|\*\*/g, '');
const row = (term: string, meaning: string): Row => [term, plain(meaning)];

export function scenariosManual(width: number): string {
  const entries = Object.entries(namedScenarios).map(([name, scenario]) =>
    sectionText({ title: name, ...scenarioText(name, scenario) }, width),
  );
  const intro =
    'A scenario is a set of options for a question. Options on the command line override it.';
  return [paragraph(intro, width), ...entries].join('\n\n');
}

const scenarioText = (name: string, scenario: NamedScenario) => ({
  text: [scenario.question, scenario.meaning, `Do not use it ${scenario.notFor}`].map(plain),
  rows: [
    row(called('run', `express --scenario ${name}`), ''),
    row('sets', optionsOfScenario(scenario).join(' ')),
    ...smallRows(smallOptionsOf(scenario)),
    ...(scenario.figures ? [row('shows', scenario.figures.join(', '))] : []),
  ],
});

const smallRows = (small: readonly string[]): Row[] =>
  small.length === 0 ? [] : [row('URL alone', small.join(' '))];

export function metricsManual(width: number): string {
  const sections = metricGroups.map((group) => {
    const own = metrics.filter((metric) => metric.group === group);
    // The quantiles of one distribution share a row.
    const families = [...Map.groupBy(own, ({ definition }) => definition).values()];
    const title = `${group[0]!.toUpperCase()}${group.slice(1)}`;
    return sectionText({ title, rows: families.map(familyRow), longestTerm: 0 }, width);
  });
  const intro =
    'Use these names in --expect, such as --expect "delivery.p99 < 50ms". A percentile pN is the value that N % of the samples do not exceed.';
  return [paragraph(intro, width), ...sections].join('\n\n');
}

function familyRow(same: Metric[]): Row {
  const [{ label, unit, definition }] = same as [Metric];
  const title = withUnit(same.length > 1 ? label.replace(/ p50$/, '') : label, unit);
  return row(`${familyName(same)} (${title})`, definition);
}

export function validityManual(width: number): string {
  const intro =
    'A round is invalid if the load generator or the machine distorted it. Invalid rounds are excluded, and the report gives the reason. If a server has no valid round, it has no result, and the exit code is 3. These are the limits:';
  const entries = checks.map((check) => {
    const { name, limit, reason } = check;
    const all = [row('limit', limit), row('why', reason), row('change', remediesOf(check))];
    return sectionText({ title: name, rows: all }, width);
  });
  return [paragraph(intro, width), ...entries].join('\n\n');
}

export function serversManual(width: number): string {
  const intro = `Reference servers send a counter as events. ${called('serve', 'express')} starts one.`;
  const entries = Object.entries(catalog).map(([name, { about }]) => row(name, about));
  return [
    sectionText({ title: 'Your own server', rows: ownServerWays }, width),
    sectionText({ title: 'Reference servers', text: [intro], rows: entries }, width),
  ].join('\n\n');
}

export function exitCodesManual(width: number): string {
  const entries = Object.entries(exitCodeWords).map(([name, words]) =>
    row(String(exitCodes[name as keyof typeof exitCodes]), words),
  );
  return rows(entries, { width });
}
