/** Whether results can be written where they are to go, which is known before anything is measured. */
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
import { isSpecial } from './save.ts';

/** A folder that is taken for a run. */
export interface Claim {
  /** Gives the folder back, if nothing was saved in it. */
  release(): void;
}

/**
 * Takes a folder for a run, by writing its result before the first round: whoever comes later, or at the same moment, finds
 * a result there.
 *
 * @returns or the reason why not
 */
export function claimFolder(folder: string, head: RunResult): Checked<Claim> {
  const path = join(folder, resultFile);
  const text = resultJson(head);
  const made: string[] = [];
  let file: number | undefined;
  try {
    makeFolder(folder, made);
    file = openSync(path, 'wx');
    writeFileSync(file, text);
  } catch (error) {
    if (file !== undefined) rmSync(path);
    removeEmpty(made);
    return refused(file === undefined && exists(path) ? holdsResult : cannotBecause(error));
  } finally {
    if (file !== undefined) closeSync(file);
  }
  const release = () => {
    try {
      if (readFileSync(path, 'utf8') !== text) return;
      rmSync(path);
      removeEmpty(made);
    } catch {} // whatever has become of it, it is no longer ours
  };
  return accepted({ release });
}

const holdsResult = 'holds a result already';
/** Also a symbolic link that leads nowhere. */
const exists = (path: string) => cannot(() => lstatSync(path)) === undefined;

/**
 * Why a result cannot be written to a folder, or `undefined` where it can.
 *
 * @param untouched whether to try nothing, so that nothing changes on disk
 */
export function whyNotWritable(folder: string, untouched = false): string | undefined {
  return exists(join(folder, resultFile)) ? holdsResult : whyNoFileIn(folder, untouched);
}

/** The same of a file that a person named. */
export function whyNoFileAt(path: string): string | undefined {
  if (!isSpecial(path)) return whyNoFileIn(dirname(existsSync(path) ? realpathSync(path) : path));
  if (statSync(path).isDirectory()) return 'is a folder';
  return cannot(() => accessSync(path, constants.W_OK));
}

/**
 * Why no file can be written there, if so. The folder need not be there yet. Unless it is to stay untouched, this tries it,
 * since permissions do not tell all (a read-only file system), and leaves nothing behind.
 */
export function whyNoFileIn(folder: string, untouched = false): string | undefined {
  if (untouched) return cannot(() => accessSync(existing(folder), constants.W_OK | constants.X_OK));
  const made: string[] = [];
  return cannot(() => {
    try {
      makeFolder(folder, made);
      const trial = join(folder, `.ssebench-${randomUUID()}`);
      writeFileSync(trial, '', { flag: 'wx' });
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

/** The folder, or the nearest above it that is there. */
function existing(folder: string): string {
  let above = folder;
  while (!existsSync(above)) above = dirname(above);
  return above;
}

/** @param made takes the folders that were not there, the uppermost first, also where a later one cannot be made */
function makeFolder(folder: string, made: string[]): void {
  const missing: string[] = [];
  for (let above = folder; !existsSync(above); above = dirname(above)) missing.unshift(above);
  // One by one: Node's recursive mkdir never returns where the system refuses a folder as "not found".
  for (const one of missing) {
    try {
      mkdirSync(one);
      made.push(one);
    } catch (error) {
      if (!existsSync(one)) throw error; // else another run has just made it
    }
  }
}

/** Of folders that we made, those in which nobody else has put anything. */
function removeEmpty(made: readonly string[]): void {
  try {
    for (const one of made.toReversed()) rmdirSync(one);
  } catch {} // it is in use
}
