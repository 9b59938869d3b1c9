/**
 * `--base`: the same command in the folder of another version, such as a worktree of the main
 * branch. Both versions are measured in one run, so they alternate on the same machine.
 */
import { realpathSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { accepted, refused, visible, type Complain } from '../complaint.ts';
import type { NamedOption, OptionWords } from '../option.ts';
import type { UrlUnderTest } from '../scenario.ts';
import { readValues } from '../values.ts';
import { pathIn, whyNoFolder, whyNoProgram } from './program.ts';

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

const asTyped = (base: string) => `--base ${visible(base)}`;

/**
 * @param command the words after `--`
 * @returns the folder; `undefined` if there is none, or after a complaint
 */
export function readBase(
  options: OptionWords,
  command: readonly string[],
  complain: Complain,
): string | undefined {
  const { base } = readValues(baseOptions, options, complain);
  if (base === undefined || command.length > 0) return base;
  complain(
    `${asTyped(base)}: starts the command of the server in this folder, but no command is given; add it after --, or leave --base out`,
  );
  return undefined;
}

/** @returns the server; with a folder, its other version before it */
export function withBase(
  own: UrlUnderTest,
  base: string | undefined,
  options: OptionWords,
  complain: Complain,
): UrlUnderTest[] {
  const { process } = own;
  if (base === undefined || process?.kind !== 'command') return [own];
  const reason =
    whyNoFolder(base) ??
    whyNoProgram(process.command[0], base, pathIn(base, globalThis.process.env.PATH)) ??
    whySame(base, process.command);
  if (reason !== undefined) complain(`${asTyped(base)}: ${reason}`);
  return [
    { ...own, name: baseName, process: { ...process, cwd: base } },
    options.name === undefined ? { ...own, name: headName } : own,
  ];
}

/** Whether a path is a folder, or in it. */
const isIn = (folder: string, path: string) => join(path, sep).startsWith(join(folder, sep));

/**
 * A command that starts the same version in both folders, which never differ.
 *
 * @returns the reason, and what to do; `undefined` if none of its words is a path to the current
 * folder
 */
function whySame(base: string, [program, ...words]: readonly [string, ...string[]]) {
  const [here, other] = [resolve('.'), resolve(base)];
  if (realpathSync(here) === realpathSync(other))
    return 'is the current folder, so the command starts the same version in both; give the folder of another version, such as a worktree of the main branch';
  // Dependencies may be shared, such as Node itself.
  const own = program.includes('/node_modules/') ? [] : [program];
  const isBaseInside = isIn(here, other);
  const same = [...own, ...words]
    .map((word) => word.replace(/^-[^=]*=/, ''))
    .find((word) => {
      const path = resolve(other, word);
      return isIn(here, path) && !(isBaseInside && isIn(other, path));
    });
  return same === undefined
    ? undefined
    : `${visible(same)} is in the current folder, so the command starts the same version in both; write ${visible(relative(here, resolve(other, same)) || '.')} instead`;
}
