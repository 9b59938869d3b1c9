/** Describes rounds: failed, invalid and missing ones, and the rows of servers that have them. */
import type { ServerSummary } from '../../metrics/summary.ts';
import { interrupted, type FailedRound, type RunResult } from '../../result/run-result.ts';
import { inALine } from './format.ts';

/** One line for a failed round, or for several that failed alike. @param rounds their numbers */
export function describeFailure(
  { server, round, phase, message }: FailedRound,
  rounds: readonly number[] = [round],
): string {
  const which = `round${rounds.length > 1 ? 's' : ''} ${inALine(rounds.map(String))}`;
  return message === interrupted
    ? `${server}: ${which} was interrupted (phase: ${phase})`
    : `${server}: ${which} failed (phase: ${phase}): ${message}`;
}

/** The failed rounds of a server: one line for each cause, and the server's output of its first round. */
export const failuresOf = ({
  failedRounds,
}: Pick<ServerSummary, 'failedRounds'>): { line: string; stderr: readonly string[] }[] =>
  [...Map.groupBy(failedRounds, ({ phase, message }) => `${phase} ${message}`).values()].map(
    (alike) => {
      const [first] = alike as [FailedRound];
      const numbers = alike.map(({ round }) => round);
      return { line: describeFailure(first, numbers), stderr: first.stderr };
    },
  );

/** One line if the result is incomplete; `undefined` otherwise. */
export function describeStatus({
  status,
  rounds,
  servers,
  scenario,
}: Pick<RunResult, 'status' | 'rounds' | 'servers' | 'scenario'>): string | undefined {
  if (status === 'complete') return undefined;
  if (scenario.load.kind === 'search') return 'Partial result: the search has not ended.';
  const planned = servers.length * scenario.rounds;
  return rounds.length === planned
    ? 'Partial result: the last round ended early.'
    : `Partial result: ${rounds.length} of ${planned} rounds.`;
}

/** Explains why rounds of a server are invalid, and what to change: a line for each reason. */
export function doubtLines({ server, invalid, invalidRounds }: ServerSummary): string[] {
  const all = invalidRounds.flatMap(({ round, doubts }) =>
    doubts.map((doubt) => ({ round, ...doubt })),
  );
  return [...Map.groupBy(all, ({ check }) => check).values()].map((same) => {
    const [{ finding, remedy }] = same as [(typeof same)[number]];
    const are = same.length > 1 ? 's' : '';
    const numbers = inALine(same.map(({ round }) => String(round)));
    return `${server}: round${are} ${numbers} invalid${invalid ? '' : ' and excluded'}: ${finding}. ${remedy}`;
  });
}

/** The cell text of a server without figures. */
export function cellWithoutFigures({ failedRounds }: ServerSummary): string {
  if (failedRounds.length === 0) return '–';
  return failedRounds.every(({ message }) => message === interrupted) ? 'interrupted' : 'failed';
}

/** The title of a server's row. */
export function rowTitle({ server, invalid }: ServerSummary): string {
  return invalid ? `${server} (invalid)` : server;
}
