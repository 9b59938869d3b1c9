/** Whether a command can be started: its folder and its program exist. */
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, relative, resolve, sep } from 'node:path';

/** The folders of programs if there is no PATH. */
const usualPath = '/usr/bin:/bin';

/**
 * The PATH of a command that starts in another folder. `npx` and npm add the programs of the current
 * folder to theirs. Those of the other folder, which may be another version, precede them.
 *
 * @param folder the folder in which the command starts; `null` for the current folder
 * @param path the PATH of ssebench
 */
export function pathIn(folder: string | null, path = usualPath): string {
  if (folder === null) return path;
  const here = resolve('.');
  const own = path
    .split(delimiter)
    .filter((each) => isAbsolute(each) && each.startsWith(join(here, sep)))
    .map((each) => resolve(folder, relative(here, each)));
  return [...own, path].join(delimiter);
}

/**
 * @param program a path from `cwd`, or a name in PATH
 * @param cwd the folder in which the command starts; `null` for the current folder
 * @param path the PATH of the command
 * @returns why the command cannot start, and what to do; `undefined` if it can
 */
export function whyNoProgram(
  program: string,
  cwd: string | null,
  path = usualPath,
): string | undefined {
  const folder = resolve(cwd ?? '.');
  if (!program.includes('/')) {
    const isFound = path
      .split(delimiter)
      .some((each) => whyNotExecutable(resolve(folder, each, program)) === undefined);
    if (isFound) return undefined;
    if (program.startsWith('-')) return 'is an option and no program; begin with the program';
    return program.includes('=')
      ? 'is a variable and no program; begin with env, such as env PORT=3000 node server.js'
      : 'no such program in PATH; check its name, or give its path';
  }
  const reason = whyNotExecutable(resolve(folder, program));
  if (reason === 'missing')
    return `no such program in ${cwd === null ? 'the current folder' : cwd}; check its path`;
  return reason === undefined
    ? undefined
    : 'is not executable; start it through its interpreter, such as node, or use chmod +x';
}

function whyNotExecutable(file: string): 'missing' | 'not executable' | undefined {
  try {
    if (!statSync(file).isFile()) return 'not executable';
  } catch {
    return 'missing';
  }
  try {
    accessSync(file, constants.X_OK);
    return undefined;
  } catch {
    return 'not executable';
  }
}

/** @returns why a command cannot start in this folder, and what to do; `undefined` if it can */
export function whyNoFolder(folder: string): string | undefined {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found === undefined) return 'no such folder; check the path';
  return found.isDirectory() ? undefined : 'is not a folder; give the folder of the server';
}
