/** The commander program, built from the table of commands. */
import { Command, Option } from 'commander';
import { ssebenchVersion } from '../run/environment.ts';
import type { Mentions } from '../scenario/complaint.ts';
import { hasValue } from '../scenario/has-value.ts';
import type { CommandOption, Commands, Context, Definition } from './definitions/definition.ts';
import { flagsOf, helpOption, versionOption } from './flags.ts';
import { commandHelp, overview } from './help.ts';
import { BadInput, silenced } from './terminal.ts';
import { sortWords, whyNoCommand } from './unknown-words.ts';

/**
 * @param exit receives the exit code of the command
 * @param withoutCommand called with the help if no word was given
 */
export function program(
  context: Context,
  exit: (code: number) => void,
  withoutCommand: (help: string) => void,
): Command {
  const { commands, terminal } = context;
  const ssebench = new Command('ssebench')
    .version(ssebenchVersion, flagsOf(versionOption))
    .helpOption(flagsOf(helpOption))
    .exitOverride()
    .helpCommand(false)
    .configureHelp({ formatHelp: () => `${overview(commands, terminal.width)}\n` })
    // Commander would stop at its first complaint, so we handle unknown words and report all of
    // them.
    .argument('[words...]')
    .allowUnknownOption()
    .action(([word]: string[]) => {
      if (word !== undefined) throw new BadInput([whyNoCommand(word, Object.keys(commands))]);
      withoutCommand(overview(commands, terminal.width));
    });
  for (const name of Object.keys(commands))
    ssebench.command(name).argument('[words...]').allowUnknownOption();
  return ssebench.hook('preSubcommand', async (_ssebench, command) => {
    await define(command, commands, context, exit);
  });
}

/** Gives a command that was named its options, its help and its action. */
async function define(
  command: Command,
  commands: Commands,
  context: Context,
  exit: (code: number) => void,
): Promise<void> {
  const { usage, load } = commands[command.name()]!;
  const { definition } = await load();
  for (const option of definition.groups.flatMap(({ options }) => options))
    if (option !== helpOption) command.addOption(parsed(option));
  const { terminal } = context;
  command
    .helpOption(flagsOf(helpOption))
    .configureHelp({
      formatHelp: () => `${commandHelp(command.name(), usage, definition, terminal.width)}\n`,
    })
    .action(async (words: string[]) => exit(await act(command, words, definition, context)));
}

function act(command: Command, words: string[], { run }: Definition, context: Context) {
  // Without the defaults of commander, which has one for each `--no-…`.
  const given = Object.entries<Mentions | boolean>(command.opts()).filter(
    ([name]) => command.getOptionValueSource(name) !== 'default',
  );
  const { quiet = false, ...switches } = Object.fromEntries(given.filter(isSwitch));
  return run(
    {
      ...sortWords(words, command.options),
      values: Object.fromEntries(given.filter(isWithValue)),
      switches,
    },
    quiet ? { ...context, terminal: silenced(context.terminal) } : context,
  );
}

const isSwitch = (entry: [string, Mentions | boolean]): entry is [string, boolean] =>
  typeof entry[1] === 'boolean';
const isWithValue = (entry: [string, Mentions | boolean]): entry is [string, Mentions] =>
  !isSwitch(entry);

/**
 * An option for commander. One with a value keeps every occurrence, so that a valid value cannot
 * hide an invalid one before it.
 */
function parsed(option: CommandOption): Option {
  const collect = (text: Mentions[number], before: Mentions = []) => [...before, text];
  const one = new Option(flagsOf(option), option.about);
  return hasValue(option) ? one.preset(true).argParser<Mentions>(collect) : one;
}
