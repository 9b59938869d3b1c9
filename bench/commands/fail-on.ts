/** `--fail-on`, which `run` and `compare` share. */
import { readMentions, type Checked, type Mentions } from '../scenario/complaint.ts';
import { oneOf } from '../scenario/option.ts';
import type { RunRequest } from '../scenario/request.ts';
import { failOnWords, type FailOn } from '../verdict/comparison.ts';
import { leastRounds } from '../verdict/metric-comparison.ts';

const { check } = oneOf(failOnWords);

export const readFailOn = (mentions: Mentions): Checked<FailOn | undefined> =>
  readMentions('--fail-on', mentions, (text) => check(text, String));

/**
 * Complaints about `--fail-on` in a run without a baseline, where it judges the servers of the run
 * against that of `--against`.
 */
export function whyNoVerdicts(
  failOn: FailOn | undefined,
  {
    against,
    scenario: { rounds, load },
  }: { against: string | null; scenario: Pick<RunRequest['scenario'], 'rounds' | 'load'> },
): string[] {
  // A search refuses the option with a better reason.
  if (failOn === undefined || load.kind === 'search') return [];
  if (against === null)
    return [
      `--fail-on ${failOn}: has nothing to compare the only server with; add --baseline <name>, or measure a second server`,
    ];
  return rounds < leastRounds
    ? [
        `--fail-on ${failOn}: needs ${leastRounds} rounds, but this run has ${rounds}; use --rounds ${leastRounds} or more`,
      ]
    : [];
}
