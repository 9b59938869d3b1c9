/** Answers of a valid result. The first case that applies is shown. Pure. */
import { headlineMetrics } from '../../metrics/headline.ts';
import type { Metric, SamplesGrowWith } from '../../metrics/metric.ts';
import { primaryMetrics } from '../../metrics/metrics.ts';
import type { ServerSummary } from '../../metrics/summary.ts';
import type { RunResult } from '../../result/run-result.ts';
import type { Findings } from '../../verdict/findings.ts';
import { capacityLines, loadInWords } from '../shared/capacity.ts';
import { gapOf } from '../shared/comparison-gaps.ts';
import { counted, formatWithUnit, inALine } from '../shared/format.ts';
import { describeKindVerdict } from '../shared/verdict-words.ts';
import { namesOf, sentence, textOf, type Case } from './case.ts';
import { sharesNothing, statementOnBaseline, statementWithin } from './comparison-answers.ts';

/** The loads that servers sustain. The problems name the servers that sustain none. */
export const capacityAnswer: Case = {
  name: 'capacity',
  say(result) {
    const known = result.capacity.filter(({ most, reason }) => most !== null && reason === null);
    if (known.length === 0) return undefined;
    if (result.capacity.length === 1) return capacityLines(result)[0];
    const loads = known.map(({ server, most }) => `${server} ${loadInWords(result, most!)}`);
    return sentence(`Sustained: ${inALine(loads)}`);
  },
};

export const answers: readonly Case[] = [
  capacityAnswer,
  {
    name: 'passed verdict of the load kind',
    say(_result, { kindVerdicts }) {
      const [first] = kindVerdicts;
      if (!first || kindVerdicts.some(({ passed }) => !passed)) return undefined;
      return sentence(
        kindVerdicts.length === 1
          ? describeKindVerdict(first)
          : `${namesOf(kindVerdicts)}: ${first.state}`,
      );
    },
  },
  {
    name: 'verdicts between servers',
    say: (result, { comparisons }) => textOf(statementWithin(result, comparisons), false),
  },
  {
    name: 'verdict against a baseline',
    say: (result, findings) => textOf(statementOnBaseline(result, findings), false),
  },
  { name: 'no verdict possible', say: bestFirst },
  { name: 'one server', say: oneServer },
];

const medianOf = ({ figures }: ServerSummary, { name }: Metric): number | undefined => {
  const figure = figures.get(name);
  return typeof figure === 'object' ? figure.median : undefined;
};

/** The metrics of the short table that a server has, without counts of errors. */
const figuresOf = (result: RunResult, summary: ServerSummary): Metric[] =>
  headlineMetrics(result).filter(
    (metric) => metric.group !== 'audit' && medianOf(summary, metric) !== undefined,
  );

const mostFigures = 4;

/** The option that gives a histogram more samples. */
const moreSamples: Readonly<Record<SamplesGrowWith, string>> = {
  streams: 'more --streams',
  duration: 'a longer --duration',
  rounds: 'more --rounds',
};

/** Servers that share no judged metric, in the order of the first metric of their table. */
function bestFirst(result: RunResult, { summaries, comparisons }: Findings): string | undefined {
  if (!sharesNothing(comparisons)) return undefined;
  const valid = summaries.filter(({ measuredRounds, invalid }) => measuredRounds > 0 && !invalid);
  const [metric] = valid[0] ? figuresOf(result, valid[0]) : [];
  if (!metric || valid.length < 2) return undefined;
  const ranked = valid
    .flatMap((summary) => {
      const value = medianOf(summary, metric);
      return value === undefined ? [] : [{ server: summary.server, value }];
    })
    .toSorted((a, b) => (metric.moreIsBetter ? b.value - a.value : a.value - b.value));
  const first = ranked
    .slice(0, mostFigures)
    .map(({ server, value }) => `${server} ${formatWithUnit(value, metric.unit)}`);
  const { why } = gapOf(comparisons.find((each) => gapOf(each)?.sharesNone)!)!;
  const judged = new Set(comparisons.flatMap((each) => each.judged));
  const tooFew = primaryMetrics.filter(
    ({ name }) => judged.has(name) && valid.some(({ figures }) => figures.get(name) === 'too few'),
  );
  return [
    `No verdict: ${why}.`,
    ...[...Map.groupBy(tooFew, ({ quantile }) => moreSamples[quantile!.samplesGrowWith])].map(
      ([option, same]) =>
        `For more samples of ${inALine(same.map(({ label }) => label))}, use ${option}.`,
    ),
    `By ${metric.label}: ${inALine(first)}.`,
  ].join(' ');
}

function oneServer(result: RunResult, findings: Findings): string | undefined {
  const [summary, ...others] = findings.summaries;
  if (findings.kindVerdicts.length > 0) return undefined;
  if (!summary || others.length > 0 || summary.measuredRounds === 0 || summary.invalid)
    return undefined;
  const all = figuresOf(result, summary);
  const some = all.length > mostFigures ? all.filter(({ name }) => !name.endsWith('.p50')) : all;
  if (some.length === 0) return undefined;
  const figures = some
    .slice(0, mostFigures)
    .map((metric) => `${metric.label} ${formatWithUnit(medianOf(summary, metric)!, metric.unit)}`);
  return `${summary.server}: ${inALine(figures)} (${counted(summary.measuredRounds, 'valid round')}).${statementOnBaseline(result, findings) ? '' : ' To judge them, add another server, or keep the result with --save-baseline.'}`;
}
