/** `ssebench completion`: prints a completion script. */
import { exitCodes } from '../../result/exit-codes.ts';
import { nearest, visible } from '../../scenario/complaint.ts';
import { bashScript } from '../completion/bash.ts';
import { fishScript } from '../completion/fish.ts';
import { completedCommands, type CompletedCommand } from '../completion/model.ts';
import { zshScript } from '../completion/zsh.ts';
import { helpOption } from '../flags.ts';
import { BadInput } from '../terminal.ts';
import type { Definition } from './definition.ts';
import { usualExits } from './shared.ts';

const scripts: Readonly<Record<string, (commands: readonly CompletedCommand[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};
const shells = Object.keys(scripts);

export const definition: Definition = {
  about: [
    'Prints a script for your shell. It completes commands, options, servers, scenarios and other values of the command ssebench.',
  ],
  examples: [
    { args: 'bash', about: 'for ~/.bashrc: source <(ssebench completion bash)' },
    { args: 'zsh', about: 'for ~/.zshrc: source <(ssebench completion zsh)' },
    { args: 'fish', about: 'for config.fish: ssebench completion fish | source' },
  ],
  groups: [{ title: 'Options', options: [helpOption] }],
  more: [],
  exits: usualExits,
  words: shells,
  async run({ names: [shell, ...others], complaints }, { commands, terminal }) {
    const script =
      shell !== undefined && Object.hasOwn(scripts, shell) ? scripts[shell] : undefined;
    const all = [
      ...complaints,
      ...(script ? [] : [whyNoShell(shell)]),
      ...others.map((each) => `${visible(each)}: is one too many; name one shell`),
    ];
    if (!script || all.length > 0) throw new BadInput(all);
    terminal.print(script(await completedCommands(commands)).trimEnd());
    return exitCodes.success;
  },
};

function whyNoShell(shell: string | undefined): string {
  const choice = `choose bash, zsh or fish`;
  if (shell === undefined) return `completion: no shell is named; ${choice}`;
  const meant = nearest(shell, shells);
  return `${visible(shell)}: no script for this shell; ${meant === undefined ? choice : `did you mean ${meant}?`}`;
}
