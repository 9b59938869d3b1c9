/** Problems of a result, the most important first. Pure. */
import type { Findings } from '../../verdict/findings.ts';
import { counted, formatNumber } from '../shared/format.ts';
import { leakText } from '../shared/leak-words.ts';
import { describeStatus } from '../shared/round-words.ts';
import { foundIn } from '../shared/verdict-words.ts';
import { namesOf, sentence, someOf, type Case } from './case.ts';
import { answerBetween, baselineOf, isWorse } from './comparison-answers.ts';
import { excludedRounds, failedRounds, invalidServers } from './round-problems.ts';

export const problems: readonly Case[] = [
  { name: 'partial result', say: describeStatus },
  { name: 'failed rounds', say: failedRounds },
  { name: 'invalid', say: invalidServers },
  {
    name: 'unknown capacity',
    say({ capacity }) {
      const found = capacity.find(({ reason }) => reason !== null);
      return found && sentence(`The capacity of ${found.server} is unknown: ${found.reason}`);
    },
  },
  {
    name: 'leak',
    say({ leaks }) {
      const leaking = leaks.filter(({ state }) => state === 'leaking');
      const [first] = leaking.flatMap(({ modes }) => modes.flatMap((mode) => mode.leaks));
      if (!first) return undefined;
      return leaking.length === 1
        ? sentence(`${leaking[0]!.server} leaks: ${leakText(first)}`)
        : `${namesOf(leaking)} leak after their streams close. The leaks are listed below.`;
    },
  },
  {
    name: 'unexpected in the leak check',
    say({ leaks }) {
      const found = leaks.find(({ state }) => state === 'unexpected');
      const what = found?.modes.flatMap(({ unexpected }) => unexpected)[0];
      return found && sentence(`The leak check of ${found.server} failed: ${what}`);
    },
  },
  {
    name: 'not inspected',
    say({ leaks }) {
      const found = leaks.find(({ state }) => state === 'not inspected');
      return found && sentence(`The leak check could not inspect ${found.server}: ${found.reason}`);
    },
  },
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
    name: 'worse than the baseline',
    say(result, findings) {
      const comparison = baselineOf(result, findings);
      return comparison && isWorse(comparison) ? answerBetween(comparison) : undefined;
    },
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
        const [cause, failure] = Object.entries(failures)[0] ?? [];
        return measuredRounds > 0 && failure
          ? [`${formatNumber(failure.count)} of ${server} (${cause})`]
          : [];
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
    say(_result, { summaries }) {
      const holding = summaries.find(
        ({ figures }) => (mostOf(figures.get('held-timers')) ?? 0) > 0,
      );
      return (
        holding &&
        `${holding.server} still held timers 3 s after all streams disconnected: a leak. Add --leak-check to find its source line.`
      );
    },
  },
  { name: 'excluded rounds', say: excludedRounds },
];

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
