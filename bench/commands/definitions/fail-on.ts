/** The option `--fail-on`, which `run` and `compare` share. */
import { failOnWords } from '../../verdict/comparison.ts';
import type { CommandOption } from './definition.ts';

export const failOn: CommandOption = {
  flags: '--fail-on [verdict]',
  about: 'exit with 5 if a metric is worse; inconclusive: also if unclear',
  words: failOnWords,
};
