/** Problems of rounds: failed, invalid or excluded. Pure. */
import { interrupted, type RunResult } from '../../result/run-result.ts';
import type { Findings } from '../../verdict/findings.ts';
import { counted } from '../shared/format.ts';
import { namesOf, sentence } from './case.ts';

/** The servers that failed for the first reason, and the number of others. */
export function failedRounds(_result: RunResult, { servers }: Findings): string | undefined {
  const failed = servers.flatMap(({ server, own, failed: all }) => {
    const real = all.filter(({ message }) => message !== interrupted);
    return real[0] ? [{ server, own, count: real.length, first: real[0] }] : [];
  });
  const [example] = failed;
  if (!example) return undefined;
  const { own, count, first } = example;
  const same = failed.filter((each) => each.first.message === first.message);
  const others = failed.length - same.length;
  const isPart = same.length === 1 && count < own.length;
  const isNothingMeasured = servers.every(
    ({ valid, invalid }) => valid.length + invalid.length === 0,
  );
  return [
    sentence(
      `${namesOf(same)} failed${isPart ? ` in ${count} of ${own.length} rounds` : ''}: ${first.message}`,
    ),
    ...(others > 0 ? [`${counted(others, 'other server')} failed too.`] : []),
    ...(isNothingMeasured ? ['Nothing was measured.'] : []),
    ...(first.stderr.length > 0 ? ['The last output of the server is below.'] : []),
  ].join(' ');
}

/** Servers without a valid round, with the first limit exceeded and its remedy. */
export function invalidServers(_result: RunResult, { summaries }: Findings): string | undefined {
  const invalid = summaries.filter((summary) => summary.invalid);
  const rounds = invalid.flatMap(({ invalidRounds }) => invalidRounds);
  const doubt = rounds[0]?.doubts[0];
  if (!doubt) return undefined;
  const which = rounds.length === 1 ? 'The round' : `All ${rounds.length} rounds`;
  const are = rounds.length === 1 ? 'is' : 'are';
  return `${which} of ${namesOf(invalid)} ${are} invalid: ${sentence(doubt.finding)} ${doubt.remedy}`;
}

/** Invalid rounds of servers that have valid ones too. */
export function excludedRounds(
  _result: RunResult,
  { summaries, servers }: Findings,
): string | undefined {
  const some = summaries.filter(
    ({ invalid, invalidRounds }) => !invalid && invalidRounds.length > 0,
  );
  const excluded = some.flatMap(({ invalidRounds }) => invalidRounds);
  const doubt = excluded[0]?.doubts[0];
  if (!doubt) return undefined;
  const all = servers.reduce((sum, { own }) => sum + own.length, 0);
  const are = excluded.length === 1 ? 'is' : 'are';
  return `${excluded.length} of ${all} rounds ${are} invalid and excluded (${namesOf(some)}): ${sentence(doubt.finding)}`;
}
