/** Checks before a run whether its results can be written. */
import { randomUUID } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { RunResult } from '../result/run-result.ts';
import { accepted, refused, type Checked } from '../scenario/complaint.ts';
import { resultFile, resultJson } from './json/result-json.ts';
import { isSpecial } from './save-text.ts';

/** A folder that is reserved for a run. */
export interface Claim {
  /** Releases the folder if nothing was saved in it. */
  release(): void;
}

/**
 * Reserves a folder for a run by writing its result before the first round. Another run that starts
 * later, or at the same moment, finds a result there.
 *
 * @returns the reservation, or why it failed
 */
export function claimFolder(folder: string, head: RunResult): Checked<Claim> {
  const path = join(folder, resultFile);
  const text = resultJson(head);
  const made: string[] = [];
  let file: number | undefined;
  try {
    file = inFolder(folder, made, () => openSync(path, 'wx'));
    writeFileSync(file, text);
  } catch (error) {
    if (file !== undefined) rmSync(path);
    removeEmpty(made);
    const { code, path: at } = error as NodeJS.ErrnoException;
    return refused(code === 'EEXIST' && at === path ? holdsResult : cannotBecause(error));
  } finally {
    if (file !== undefined) closeSync(file);
  }
  const release = () => {
    try {
      if (readFileSync(path, 'utf8') !== text) return;
      rmSync(path);
      removeEmpty(made);
    } catch {} // the folder has changed and no longer belongs to this run
  };
  return accepted({ release });
}

const holdsResult = 'already holds a result';
/** Whether something has this path, including a symbolic link without a target. */
const exists = (path: string) => cannot(() => lstatSync(path)) === undefined;

/**
 * Why a result cannot be written to a folder, or `undefined` if it can.
 *
 * @param untouched whether to change nothing on disk, and so to skip the trial
 */
export function whyNotWritable(folder: string, untouched = false): string | undefined {
  return exists(join(folder, resultFile)) ? holdsResult : whyNoFileIn(folder, untouched);
}

/**
 * Why a file that the user named cannot be written, or `undefined` if it can.
 *
 * @param untouched whether to change nothing on disk
 */
export function whyNoFileAt(path: string, untouched = false): string | undefined {
  if (!isSpecial(path))
    return whyNoFileIn(dirname(existsSync(path) ? realpathSync(path) : path), untouched);
  if (statSync(path).isDirectory()) return 'is a folder';
  return cannot(() => accessSync(path, constants.W_OK));
}

/**
 * Why no file can be written to a folder, or `undefined` if it can. The folder need not exist.
 * Unless `untouched` is set, it writes a trial file and removes it, because permissions do not
 * reveal everything, such as a read-only file system.
 */
export function whyNoFileIn(folder: string, untouched = false): string | undefined {
  if (untouched) return cannot(() => accessSync(existing(folder), constants.W_OK | constants.X_OK));
  const made: string[] = [];
  return cannot(() => {
    try {
      const trial = join(folder, `.ssebench-${randomUUID()}`);
      inFolder(folder, made, () => writeFileSync(trial, '', { flag: 'wx' }));
      rmSync(trial);
    } finally {
      removeEmpty(made);
    }
  });
}

function cannot(attempt: () => void): string | undefined {
  try {
    attempt();
    return undefined;
  } catch (error) {
    return cannotBecause(error);
  }
}

const cannotBecause = (error: unknown) =>
  `cannot be written to (${(error as NodeJS.ErrnoException).code})`;

/** The folder, or its nearest parent that exists. */
function existing(folder: string): string {
  let above = folder;
  while (!existsSync(above)) above = dirname(above);
  return above;
}

/**
 * Another run may create the same folder for its trial, and remove it while we use it. That happens
 * a few times at most. A folder that the system itself refuses never appears.
 */
const mostVanishings = 100;

/**
 * Creates the folder, and a file in it.
 *
 * @param made receives the folders that were created, the topmost first, even if a later one fails
 * @throws if the file cannot be created
 */
function inFolder<Created>(folder: string, made: string[], create: () => Created): Created {
  for (let vanished = 0; ; vanished++) {
    try {
      makeFolder(folder, made);
      return create();
    } catch (error) {
      const { code, syscall } = error as NodeJS.ErrnoException;
      const hasVanished = code === 'ENOENT' || (code === 'EEXIST' && syscall === 'mkdir');
      if (!hasVanished || vanished === mostVanishings) throw error;
    }
  }
}

function makeFolder(folder: string, made: string[]): void {
  const missing: string[] = [];
  for (let above = folder; !existsSync(above); above = dirname(above)) missing.unshift(above);
  // Create them one by one: Node's recursive mkdir never returns if the system refuses a folder
  // with "not found".
  for (const one of missing) {
    try {
      mkdirSync(one);
      if (!made.includes(one)) made.push(one);
    } catch (error) {
      if (!existsSync(one)) throw error; // otherwise another run has just created it
    }
  }
}

/** Removes the folders that we created, unless somebody else has put something in them. */
function removeEmpty(made: readonly string[]): void {
  try {
    for (const one of made.toReversed()) rmdirSync(one);
  } catch {} // the folder is in use
}
