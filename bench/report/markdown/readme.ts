/**
 * Generated parts of the docs. They are made from results and tables in the code, so that a check
 * can detect stale text.
 */
import { exitCodes, exitCodeWords } from '../../result/exit-codes.ts';
import { metricGroups } from '../../metrics/metric.ts';
import { familyName, metrics } from '../../metrics/metrics.ts';
import { headlineMetrics } from '../../metrics/headline.ts';
import type { RunResult } from '../../result/run-result.ts';
import { flagOf } from '../../scenario/option.ts';
import { runOptions } from '../../scenario/options.ts';
import { requestRequirements } from '../../scenario/request-config.ts';
import { ownServerRequirements, ownServerSchema } from '../../scenario/own-servers/schema.ts';
import type { NamedScenario } from '../../scenario/kinds/kind.ts';
import { namedScenarios } from '../../scenario/named-scenarios.ts';
import type { Findings } from '../../verdict/findings.ts';
import { checks } from '../../verdict/validity.ts';
import { markdownCodeSpan, markdownText } from '../shared/escape.ts';
import { withUnit } from '../shared/format.ts';
import { remediesOf } from '../shared/remedies.ts';
import { formats, moments, type Format } from '../formats.ts';
import { markdownTable } from './markdown.ts';
import { describeEnvironment, describeScenario } from '../shared/scenario-words.ts';

/** The comparison, with the versions and the machine that produced it. */
export function comparisonSection(result: RunResult, { summaries }: Findings): string {
  const packages = Object.entries(result.environment.packages).map(
    ([name, version]) => `${name} ${version}`,
  );
  const invalid = summaries.some((summary) => summary.invalid);
  return [
    markdownTable(headlineMetrics(result), summaries),
    ...(invalid
      ? [
          '**Rows marked (invalid) have no valid round.** [The report](results/reference/report.md) says why.',
        ]
      : []),
    `${result.startedAt.slice(0, 10)}, ${markdownCodeSpan(result.command)}. ${markdownText(describeScenario(result.scenario))}. Median of the rounds (min–max).`,
    `${markdownText(`${describeEnvironment(result.environment)}. ${packages.join(', ')}`)}.`,
  ].join('\n\n');
}

/** All metrics with their definitions. */
export function metricsSection(): string {
  return metricGroups
    .flatMap((group) => {
      const own = metrics.filter((metric) => metric.group === group);
      // The quantiles of one distribution share a row.
      const rows = Map.groupBy(own, ({ definition }) => definition).values();
      return [
        `## ${group[0]!.toUpperCase()}${group.slice(1)}`,
        [
          '| metric | name in reports | definition |',
          '| --- | --- | --- |',
          ...[...rows].map((same) => rowOf(same)),
        ].join('\n'),
      ];
    })
    .join('\n\n');
}

function rowOf(same: (typeof metrics)[number][]): string {
  const [{ label, unit, definition }] = same as [(typeof same)[number]];
  return `| \`${familyName(same)}\` | ${withUnit(same.length > 1 ? label.replace(/ p50$/, '') : label, unit)} | ${definition} |`;
}

/** Every named scenario: what it represents, and when to use it. */
export function scenariosSection(): string {
  return Object.entries(namedScenarios)
    .map(([name, scenario]) =>
      [
        `## ${name}`,
        `**${scenario.question}**`,
        `\`\`\`\nnpm run bench -- express --scenario ${name}\n\`\`\``,
        scenario.meaning,
        ...(scenario.ofUrls?.meaning ? [scenario.ofUrls.meaning] : []),
        `It sets \`${optionsOfScenario(scenario).join(' ')}\`.`,
        ...smallOf(scenario),
        ...(scenario.figures === undefined
          ? []
          : [`Its table shows ${scenario.figures.map((figure) => `\`${figure}\``).join(', ')}.`]),
        `**When not to use it:** ${scenario.notFor}`,
      ].join('\n\n'),
    )
    .join('\n\n');
}

/** The options of the smaller load for URLs that ssebench measures only from outside. */
export const smallOptionsOf = ({ ofUrls }: NamedScenario): string[] =>
  optionsOf(ofUrls?.small ?? {});

function smallOf(scenario: NamedScenario): string[] {
  const small = smallOptionsOf(scenario);
  return small.length === 0
    ? []
    : [`For a URL alone, it sets \`${small.join(' ')}\` instead, so that the load is small.`];
}

/** All exit codes. */
export function exitCodesSection(): string {
  const rows = Object.entries(exitCodeWords).map(
    ([name, sentence]) => `| ${exitCodes[name as keyof typeof exitCodes]} | ${sentence} |`,
  );
  return ['| exit code | meaning |', '| --: | --- |', ...rows].join('\n');
}

/** All files that a result can have. */
export function formatsSection(): string {
  const whenOf = ({ when }: Format) => when.map((moment) => moments[moment]).join('; ');
  return [
    '| file | content | written |',
    '| --- | --- | --- |',
    ...formats.map((format) => `| \`${format.file}\` | ${format.name} | ${whenOf(format)} |`),
  ].join('\n');
}

/** All limits beyond which a round is invalid. */
export function limitsSection(): string {
  return [
    '| check | limit | why | what to change |',
    '| --- | --- | --- | --- |',
    ...checks.map((check) => {
      const { name, limit, reason } = check;
      return `| ${name} | ${limit} | ${reason} | ${remediesOf(check)} |`;
    }),
  ].join('\n');
}

/** Replaces the text between the two marks of a section. */
export function withSection(page: string, section: string, text: string): string {
  const [begin, end] = [`<!-- ${section}: generated by npm run docs -->`, `<!-- /${section} -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`the page has no section ${section}`);
  return `${page.slice(0, from + begin.length)}\n${text}\n${page.slice(to)}`;
}

/** The options that a scenario stands for, as on a command line. */
export function optionsOfScenario({
  config: { expect = [], ...options },
  leakCheck,
}: NamedScenario): string[] {
  return [
    ...optionsOf(options),
    ...expect.map((text) => `--expect '${text}'`),
    ...(leakCheck ? ['--leak-check'] : []),
  ];
}

const optionsOf = (options: object) =>
  Object.entries(options).map(
    ([option, value]) => `${flagOf(runOptions[option as keyof typeof runOptions])} ${value}`,
  );

/** Headers and cookies are objects in a config file, so their keys are plural. */
const flagOfRequest = (key: string) => `--${dashed(key.replace(/^(header|cookie)s$/, '$1'))}`;
const dashed = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Every option that a config file may set. */
export function configSection(): string {
  return [
    '| key | option | value |',
    '| --- | --- | --- |',
    ...Object.entries(runOptions).map(
      ([name, option]) => `| \`${name}\` | \`${flagOf(option)}\` | ${option.mustInFile} |`,
    ),
    ...Object.entries(requestRequirements).map(
      ([name, must]) => `| \`${name}\` | \`${flagOfRequest(name)}\` | ${must} |`,
    ),
  ].join('\n');
}

/** Every key of a server of the user in a config file. */
export function ownServersSection(): string {
  const entries = Object.entries(ownServerSchema.shape).map(
    ([name, { description = '' }]) =>
      `| \`${name}\` | ${ownServerRequirements[name as keyof typeof ownServerRequirements]} | ${description} |`,
  );
  return ['| key | value | meaning |', '| --- | --- | --- |', ...entries].join('\n');
}
