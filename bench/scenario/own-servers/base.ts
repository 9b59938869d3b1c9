/**
 * `--base`: the same command in the folder of another version, such as a worktree of the main
 * branch. Both versions are measured in one run, so they alternate on the same machine.
 */
import { isAbsolute, join, resolve, sep } from 'node:path';
import { accepted, refused, visible, type Complain } from '../complaint.ts';
import type { NamedOption, OptionWords } from '../option.ts';
import type { UrlUnderTest } from '../scenario.ts';
import { readValues } from '../values.ts';
import { whyNoFolder, whyNoProgram } from './program.ts';

export const baseOptions = {
  base: {
    flags: '--base [folder]',
    about: 'also start the command in this folder, and compare with it',
    check: (folder, suchAs) =>
      typeof folder === 'string' && folder !== ''
        ? accepted(folder)
        : refused(`must be a folder, ${suchAs('../base')}`),
  },
} satisfies Record<string, NamedOption<string>>;

/** The names of the two versions, unless `--name` gives another one for the second. */
export const baseName = 'base';
const headName = 'head';

/** @returns the server; with `--base`, its other version before it */
export function withBase(
  own: UrlUnderTest,
  options: OptionWords,
  complain: Complain,
): UrlUnderTest[] {
  const { base } = readValues(baseOptions, options, complain);
  if (base === undefined) return [own];
  const { process } = own;
  const shown = `--base ${visible(base)}`;
  if (process?.kind !== 'command') {
    complain(
      `${shown}: starts the command of the server in this folder, but no command is given; add it after --, or leave --base out`,
    );
    return [own];
  }
  const reason =
    whyNoFolder(base) ??
    whyNoProgram(process.command[0], base, globalThis.process.env.PATH) ??
    whySame(process.command);
  if (reason !== undefined) complain(`${shown}: ${reason}`);
  return [
    { ...own, name: baseName, process: { ...process, cwd: base } },
    options.name === undefined ? { ...own, name: headName } : own,
  ];
}

/** A path of the current folder would start the same version twice, which never differs. */
function whySame([, ...words]: readonly string[]): string | undefined {
  const folder = join(resolve('.'), sep);
  const path = words.find((word) => isAbsolute(word) && word.startsWith(folder));
  return path === undefined
    ? undefined
    : `${visible(path)} is in the current folder, so the command starts the same version in both; write ${visible(path.slice(folder.length))} instead`;
}
