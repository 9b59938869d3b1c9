/** The words that a shell can complete, from the table of commands. */
import type { CommandOption, Commands, Completions } from '../definitions/definition.ts';
import { hasValue } from '../../scenario/has-value.ts';
import { longFormOf, shortFormOf } from '../flags.ts';

export interface CompletedOption {
  /** `--streams`, and `-c` if it has a short form. */
  long: string;
  short: string | undefined;
  about: string;
  hasValue: boolean;
  /** Its possible values; absent if a shell cannot complete them. */
  words: Completions | undefined;
}

export interface CompletedCommand {
  name: string;
  about: string;
  options: readonly CompletedOption[];
  /** Possible names after the command. */
  words: Completions | undefined;
}

export async function completedCommands(commands: Commands): Promise<CompletedCommand[]> {
  const names = Object.keys(commands);
  return Promise.all(
    Object.entries(commands).map(async ([name, { about, load }]) => {
      const { groups, words } = (await load()).definition;
      const options = groups.flatMap(({ options: own }) => own.map(completedOption));
      // `help` takes the name of any command too.
      const all = name === 'help' && Array.isArray(words) ? [...names, ...words] : words;
      return { name, about, options, words: all };
    }),
  );
}

const completedOption = (option: CommandOption): CompletedOption => ({
  long: longFormOf(option),
  short: shortFormOf(option),
  about: option.about,
  hasValue: hasValue(option),
  words: option.words,
});

/** Both forms of an option. */
export const formsOf = ({ long, short }: CompletedOption): string[] =>
  short === undefined ? [long] : [short, long];
