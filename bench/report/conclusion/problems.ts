/** Problems of a result, the most important first. Pure. */
import type { Causes } from '../../result/recording.ts';
import type { Findings } from '../../verdict/findings.ts';
import { capacityLines, isUnfinished } from '../shared/capacity.ts';
import { counted, formatNumber } from '../shared/format.ts';
import { describeStatus } from '../shared/round-words.ts';
import { foundIn } from '../shared/verdict-words.ts';
import { firstOf, namesOf, sentence, someOf, textOf, type Case } from './case.ts';
import { statementOnBaseline, statementWithin } from './comparison-answers.ts';
import { leakProblems } from './leak-problems.ts';
import { excludedRounds, failedRounds, invalidServers } from './round-problems.ts';

export const problems: readonly Case[] = [
  { name: 'partial result', say: describeStatus },
  { name: 'failed rounds', say: failedRounds },
  { name: 'invalid', say: invalidServers },
  {
    name: 'unknown capacity',
    say({ capacity, status }) {
      const unknown = capacity.filter(
        (found) => found.reason !== null || (status === 'complete' && isUnfinished(found)),
      );
      return firstOf(
        unknown,
        'without a known capacity',
        ({ server, reason }) =>
          `The capacity of ${server} is unknown: ${reason ?? 'the search ended before it found a limit'}`,
      );
    },
  },
  {
    name: 'no sustained load',
    say(result) {
      const none = result.capacity.filter(
        ({ most, tooMuch, reason }) => reason === null && most === null && tooMuch !== null,
      );
      return firstOf(
        none,
        'unable to sustain the lowest load',
        (found) => capacityLines({ ...result, capacity: [found] })[0]!,
      );
    },
  },
  ...leakProblems,
  {
    name: 'verdict of the load kind',
    say(_result, { kindVerdicts }) {
      const bad = kindVerdicts.filter(({ passed }) => !passed);
      if (bad.length === 0) return undefined;
      const states = someOf(bad.map(({ server, state }) => `${server} ${state}`));
      return sentence(bad.length === 1 ? `${states}: ${bad[0]!.sentence}` : states);
    },
  },
  { name: 'expectation not met', say: (_result, findings) => expectation(findings, 'broken') },
  { name: 'expectation not checked', say: (_result, findings) => expectation(findings, 'unknown') },
  {
    name: 'unjudged, worse or inconclusive against a baseline',
    say: (result, findings) => textOf(statementOnBaseline(result, findings), true),
  },
  {
    name: 'servers without a verdict',
    say: (result, { comparisons }) => textOf(statementWithin(result, comparisons), true),
  },
  {
    name: 'no events',
    say(_result, { summaries }) {
      const silent = summaries.filter(({ figures }) => mostOf(figures.get('events')) === 0);
      return silent.length === 0
        ? undefined
        : `No events arrived from ${namesOf(silent)} during the measurement. Use a longer --duration, or check that the server sends events.`;
    },
  },
  {
    name: 'failed streams',
    say(_result, { summaries }) {
      const failed = summaries.flatMap(({ server, measuredRounds, failures }) => {
        return measuredRounds > 0 ? failuresOf(server, failures) : [];
      });
      return failed.length === 0 ? undefined : sentence(`Streams failed: ${someOf(failed)}`);
    },
  },
  {
    name: 'missing events',
    say(_result, { summaries }) {
      const lost = summaries.flatMap(({ server, figures }) => {
        const most = mostOf(figures.get('missing')) ?? 0;
        return most > 0 ? [`up to ${formatNumber(most)} of ${server} in a round`] : [];
      });
      return lost.length === 0 ? undefined : sentence(`Events are missing: ${someOf(lost)}`);
    },
  },
  {
    name: 'held timers',
    say({ base }, { summaries }) {
      const holding = summaries.filter(
        ({ server, figures }) => server !== base && (mostOf(figures.get('held-timers')) ?? 0) > 0,
      );
      return holding.length === 0
        ? undefined
        : `${namesOf(holding)} still held timers 3 s after all streams disconnected: a leak. Add --leak-check to find its source line.`;
    },
  },
  { name: 'excluded rounds', say: excludedRounds },
];

/** `902 of koa (stalled: 900, and 1 other cause)`; empty if no stream failed. */
function failuresOf(server: string, failures: Causes): string[] {
  const causes = Object.entries(failures).toSorted(([, a], [, b]) => b.count - a.count);
  const [most] = causes;
  if (!most) return [];
  const total = causes.reduce((sum, [, { count }]) => sum + count, 0);
  const [cause, { count }] = most;
  const others = causes.length - 1;
  const mostly = `${cause}: ${formatNumber(count)}, and ${counted(others, 'other cause')}`;
  return [`${formatNumber(total)} of ${server} (${others > 0 ? mostly : cause})`];
}

type Figure = ReturnType<Findings['summaries'][number]['figures']['get']>;
const mostOf = (figure: Figure) => (typeof figure === 'object' ? figure.max : undefined);

function expectation(
  { thresholds, summaries }: Findings,
  state: 'broken' | 'unknown',
): string | undefined {
  // Without valid rounds, an earlier case explains why nothing could be checked.
  const judged = new Set(
    summaries
      .filter(({ measuredRounds, invalid }) => measuredRounds > 0 && !invalid)
      .map(({ server }) => server),
  );
  const those = thresholds.filter((each) => each.state === state && judged.has(each.server));
  const [first] = those;
  if (!first) return undefined;
  const { server, threshold } = first;
  const what =
    state === 'broken'
      ? `${server} does not meet ${threshold.text}: ${foundIn(first)}`
      : `${threshold.text} could not be checked for ${server}: ${foundIn(first)}`;
  const others = those.length - 1;
  return `${sentence(what)}${others > 0 ? ` The same is true of ${counted(others, 'other expectation')}.` : ''}`;
}
