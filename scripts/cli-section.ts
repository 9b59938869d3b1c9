/** The section of the docs with the help of every command. */
import { execFileSync } from 'node:child_process';
import { commands } from '../bench/commands/table.ts';

/** @param program `bench/cli.ts`, or that of a package, whose help names the installed command */
export function cliSection(program: string): string {
  const sectionOf = (...names: string[]) => {
    const help = execFileSync(process.execPath, [program, 'help', ...names], { encoding: 'utf8' });
    return `## ${['ssebench', ...names].join(' ')}\n\n\`\`\`\n${help.trim()}\n\`\`\``;
  };
  return [sectionOf(), ...Object.keys(commands).map((name) => sectionOf(name))].join('\n\n');
}
