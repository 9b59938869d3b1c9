/** `--fail-on`, which `run` and `compare` share. */
import { readMentions, type Checked, type Mentions } from '../scenario/complaint.ts';
import { oneOf } from '../scenario/option.ts';
import { failOnWords, type FailOn } from '../verdict/comparison.ts';

const { check } = oneOf(failOnWords);

export const readFailOn = (mentions: Mentions): Checked<FailOn | undefined> =>
  readMentions('--fail-on', mentions, (text) => check(text, String));
