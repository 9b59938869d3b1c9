/** The commander program, built from the table of commands. */
import { Command, Option } from 'commander';
import { ssebenchVersion } from '../run/environment.ts';
import type { Mentions } from '../scenario/complaint.ts';
import type { CommandOption, Context, Definition } from './definitions/definition.ts';
import { commandNames, commands, type CommandName } from './table.ts';
import { BadInput } from './terminal.ts';
import { sortWords, whyNoCommand } from './unknown-words.ts';

/** The width of help, in columns. */
const helpWidth = 100;

/**
 * @param exit receives the exit code of the command
 * @param withoutCommand called if no word was given
 */
export function program(
  context: Context,
  exit: (code: number) => void,
  withoutCommand: (help: string) => void,
): Command {
  const ssebench = new Command('ssebench')
    .description('Load-tests and benchmarks servers of Server-Sent Events.')
    .version(ssebenchVersion)
    .usage('[options] <command>')
    .exitOverride()
    .helpCommand(false)
    .configureHelp({
      optionTerm: ({ flags }) => flags.replace('[', '<').replace(']', '>'),
      optionDescription: ({ description }) => description,
      subcommandTerm: (command) => `${command.name()} ${command.usage()}`,
      helpWidth,
    })
    // Commander would stop at its first complaint, so we handle unknown words and report all of
    // them.
    .argument('[words...]')
    .allowUnknownOption()
    .action(([word]: string[]) => {
      if (word !== undefined) throw new BadInput([whyNoCommand(word, commandNames)]);
      withoutCommand(ssebench.helpInformation());
    });
  for (const name of commandNames) {
    ssebench
      .command(name)
      .argument('[words...]')
      .usage(commands[name].usage)
      .description(commands[name].about)
      .allowUnknownOption();
  }
  return ssebench.hook('preSubcommand', async (_ssebench, command) => {
    const { definition } = await commands[command.name() as CommandName].load();
    define(command, definition, context, exit);
  });
}

function define(
  command: Command,
  { groups, after, run }: Definition,
  context: Context,
  exit: (code: number) => void,
): void {
  for (const { title, options } of groups) {
    command.optionsGroup(`${title}:`);
    for (const option of options) command.addOption(parsed(option));
  }
  command.addHelpText('after', after).action(async (words: string[]) => {
    const given = Object.entries<Mentions | boolean>(command.opts());
    exit(
      await run(
        {
          ...sortWords(words, command.options),
          values: Object.fromEntries(given.filter(isWithValue)),
          switches: Object.fromEntries(given.filter(isSwitch)),
        },
        context,
      ),
    );
  });
}

const isSwitch = (entry: [string, Mentions | boolean]): entry is [string, boolean] =>
  typeof entry[1] === 'boolean';
const isWithValue = (entry: [string, Mentions | boolean]): entry is [string, Mentions] =>
  !isSwitch(entry);

/**
 * An option for commander. One with a value keeps every occurrence, so that a valid value cannot
 * hide an invalid one before it.
 */
function parsed({ flags, about }: CommandOption): Option {
  const option = new Option(flags, about);
  const collect = (text: Mentions[number], before: Mentions = []) => [...before, text];
  return option.optional ? option.preset(true).argParser<Mentions>(collect) : option;
}
