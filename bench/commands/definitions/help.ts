/** `ssebench help`: the help of a command, or a manual. */
import { exitCodes } from '../../result/exit-codes.ts';
import { nearest, visible } from '../../scenario/complaint.ts';
import { commandHelp, overview } from '../help.ts';
import { helpOption } from '../flags.ts';
import { manuals } from '../manuals.ts';
import { BadInput } from '../terminal.ts';
import { widthIn } from '../text-layout.ts';
import type { Commands, Definition } from './definition.ts';
import { usualExits } from './shared.ts';

export const definition: Definition = {
  about: ['Prints the help of a command, or a manual. Without a name: all commands and manuals.'],
  examples: [{ args: 'run' }, { args: 'scenarios' }, { args: 'metrics' }],
  groups: [{ title: 'Options', options: [helpOption] }],
  more: [
    {
      title: 'Manuals',
      rows: Object.entries(manuals).map(([name, { about }]) => [name, about]),
    },
  ],
  exits: usualExits,
  words: Object.keys(manuals),
  async run({ names: [name, ...others], complaints }, { commands, terminal }) {
    const all = [
      ...complaints,
      ...others.map((each) => `${visible(each)}: is one too many; name one command or manual`),
    ];
    const { width } = terminal;
    const text =
      name === undefined ? overview(commands, width) : await textOf(name, commands, width);
    if (name !== undefined && text === undefined) all.unshift(whyNothing(name, commands));
    if (text === undefined || all.length > 0) throw new BadInput(all);
    terminal.print(text);
    return exitCodes.success;
  },
};

async function textOf(
  name: string,
  commands: Commands,
  width: number,
): Promise<string | undefined> {
  if (Object.hasOwn(manuals, name)) return manuals[name]!.text(widthIn(width));
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  return command && commandHelp(name, command.usage, (await command.load()).definition, width);
}

function whyNothing(name: string, commands: Commands): string {
  const names = [...Object.keys(commands), ...Object.keys(manuals)];
  const meant = nearest(name, names);
  return `${visible(name)}: no such command or manual; ${meant === undefined ? `choose ${names.slice(0, -1).join(', ')} or ${names.at(-1)}` : `did you mean ${meant}?`}`;
}
