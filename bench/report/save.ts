/** Results on disk. */
import { randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { getSystemErrorMessage } from 'node:util';
import type { RunResult } from '../result/run-result.ts';
import type { Findings } from '../verdict/findings.ts';
import { formatsAt, type Format, type Moment } from './formats.ts';

/** A file that could not be written. */
export interface Unwritten {
  file: string;
  reason: string;
}

/**
 * Writes the files of a moment. A reader sees the old files or the new, whole.
 *
 * @returns those that could not be written; that keeps no other from being so
 */
export function saveFormats(
  moment: Moment,
  folder: string,
  result: RunResult,
  findings: Findings,
): Unwritten[] {
  return formatsAt(moment).flatMap((format) => {
    const reason = whyNot(() => saveFormat(format, folder, result, findings));
    return reason === undefined ? [] : [{ file: format.file, reason }];
  });
}

/**
 * The same of the files that are written after each round.
 *
 * @throws at the first that cannot be written
 */
export function saveResult(folder: string, result: RunResult, findings: Findings): void {
  for (const format of formatsAt('round')) saveFormat(format, folder, result, findings);
}

function saveFormat(
  { file, render }: Format,
  folder: string,
  result: RunResult,
  findings: Findings,
): void {
  mkdirSync(folder, { recursive: true });
  saveText(join(folder, file), render(result, findings));
}

/** Saves a text where a folder does not take it: in a new one for temporary files. @returns the file, if even that can be written */
export function saveElsewhere(file: string, text: string): string | undefined {
  let folder: string | undefined;
  try {
    folder = mkdtempSync(join(tmpdir(), 'ssebench-'));
    saveText(join(folder, file), text);
    return join(folder, file);
  } catch {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    return undefined;
  }
}

/** Writes to a file that a person named. A device or a pipe is written to as it is, and a symbolic link is followed. */
export function saveNamed(path: string, text: string): void {
  if (isSpecial(path)) return writeFileSync(path, text);
  const target = existsSync(path) ? realpathSync(path) : path;
  mkdirSync(dirname(target), { recursive: true });
  saveText(target, text);
}

/** A device, a pipe, a folder. */
export const isSpecial = (path: string) => existsSync(path) && !statSync(path).isFile();

/**
 * Whoever reads meanwhile sees the old text or the new, whole. Nothing is left behind where it cannot be written. A symbolic
 * link of that name is replaced, and what it leads to stays as it is.
 */
export function saveText(path: string, text: string): void {
  const fresh = `${path}.${randomUUID()}.new`;
  try {
    writeFileSync(fresh, text, { flag: 'wx' });
    renameSync(fresh, path);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}

/** @returns why it did not succeed, if so: `ENOSPC, no space left on device` */
export function whyNot(save: () => void): string | undefined {
  try {
    save();
    return undefined;
  } catch (error) {
    const { code, errno, message } = error as NodeJS.ErrnoException;
    return code === undefined || errno === undefined
      ? message
      : `${code}, ${getSystemErrorMessage(errno)}`;
  }
}
