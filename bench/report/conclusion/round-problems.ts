/** Problems of rounds: failed, invalid or excluded. Pure. */
import type { ServerSummary } from '../../metrics/summary.ts';
import { interrupted, type MeasuredRound, type RunResult } from '../../result/run-result.ts';
import type { Findings } from '../../verdict/findings.ts';
import { counted } from '../shared/format.ts';
import { namesOf, sentence } from './case.ts';

/** The servers of these rounds, each once. */
const serversOf = (rounds: readonly { server: string }[]) =>
  namesOf([...new Set(rounds.map(({ server }) => server))].map((server) => ({ server })));

/** The largest group; the first of several that are equally large. */
const largest = <Item>(groups: Iterable<readonly Item[]>): readonly Item[] =>
  [...groups].toSorted((a, b) => b.length - a.length)[0] ?? [];

/** The most frequent failure with its servers and rounds, and the number of other failures. */
export function failedRounds(_result: RunResult, { servers }: Findings): string | undefined {
  const all = servers.flatMap(({ failed }) =>
    failed.filter(({ message }) => message !== interrupted),
  );
  const same = largest(Map.groupBy(all, ({ message }) => message).values());
  const [first] = same;
  if (!first) return undefined;
  const others = all.filter(({ message }) => message !== first.message);
  const planned = servers
    .filter(({ server }) => same.some((round) => round.server === server))
    .reduce((sum, { own }) => sum + own.length, 0);
  const part = same.length < planned ? ` in ${same.length} of ${planned} rounds` : '';
  const isNothingMeasured = servers.every(
    ({ valid, invalid }) => valid.length + invalid.length === 0,
  );
  return [
    sentence(`${serversOf(same)} failed${part}: ${first.message}`),
    ...(others.length > 0
      ? [`${counted(others.length, 'other round')} failed too (${serversOf(others)}).`]
      : []),
    ...(isNothingMeasured ? ['Nothing was measured.'] : []),
    ...(first.stderr.length > 0 ? ['The last output of the server is below.'] : []),
  ].join(' ');
}

/** Servers without a valid round, with the most frequent limit exceeded and its remedy. */
export function invalidServers(_result: RunResult, { summaries }: Findings): string | undefined {
  const invalid = summaries.filter((summary) => summary.invalid);
  const rounds = invalid.flatMap(({ invalidRounds }) => invalidRounds);
  if (rounds.length === 0) return undefined;
  const which =
    rounds.length === 1 ? 'The measured round of' : `All ${rounds.length} measured rounds of`;
  return `${which} ${namesOf(invalid)} ${areInvalid(rounds)}${causeOf(rounds)}`;
}

/** Invalid rounds of servers that have valid ones too. */
export function excludedRounds(
  _result: RunResult,
  { summaries, servers }: Findings,
): string | undefined {
  const some = summaries.filter(hasBoth);
  const excluded = some.flatMap(({ invalidRounds }) => invalidRounds);
  if (excluded.length === 0) return undefined;
  const all = servers.reduce((sum, { own }) => sum + own.length, 0);
  return `${excluded.length} of ${all} rounds ${areInvalid(excluded)} and excluded (${namesOf(some)})${causeOf(excluded)}`;
}

const hasBoth = ({ invalid, invalidRounds }: ServerSummary) => !invalid && invalidRounds.length > 0;

const areInvalid = ({ length }: readonly unknown[]) => `${length === 1 ? 'is' : 'are'} invalid`;

/** The most frequent reason, with its rounds and servers if it is not that of all. */
function causeOf(rounds: readonly MeasuredRound[]): string {
  const doubts = rounds.flatMap(({ server, doubts: own }) =>
    own.map((doubt) => ({ server, ...doubt })),
  );
  const same = largest(Map.groupBy(doubts, ({ check }) => check).values());
  const { finding, remedy } = same[0]!;
  const cause = `${sentence(finding)} ${remedy}`;
  return same.length === rounds.length
    ? `: ${cause}`
    : `. In ${same.length} of them (${serversOf(same)}): ${cause} The other reasons are below.`;
}
