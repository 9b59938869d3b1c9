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
import { jsonText } from './shared/escape.ts';
import { markdownReport } from './markdown/markdown.ts';
import { pageReport } from './page/page.ts';
import type { RunResult } from '../result/run-result.ts';
import type { Findings } from '../verdict/findings.ts';

/** The files of a result: all that was measured, and what is made from it for people. */
export const texts = {
  'result.json': (result: RunResult) => `${jsonText(result, 1)}\n`,
  'report.md': markdownReport,
  'report.html': pageReport,
} as const;
type ResultFile = keyof typeof texts;

/** A file that could not be written. */
export interface Unwritten {
  file: string;
  reason: string;
}

/** Writes `result.json` and `report.md`; whoever reads meanwhile sees the old files or the new, whole. */
export function saveResult(folder: string, result: RunResult, findings: Findings): void {
  mkdirSync(folder, { recursive: true });
  for (const file of ['result.json', 'report.md'] as const)
    saveText(join(folder, file), texts[file](result, findings));
}

/** Writes a result that is whole, and all that is made from it: what cannot be written keeps nothing else from being so. */
export function saveAll(folder: string, result: RunResult, findings: Findings): Unwritten[] {
  return saveFiles(folder, result, findings, Object.keys(texts) as ResultFile[]);
}

/** Writes what is made from a result for people: `report.md`, and `report.html` for a browser. */
export function saveReports(folder: string, result: RunResult, findings: Findings): Unwritten[] {
  return saveFiles(folder, result, findings, ['report.md', 'report.html']);
}

function saveFiles(
  folder: string,
  result: RunResult,
  findings: Findings,
  files: readonly ResultFile[],
): Unwritten[] {
  return files.flatMap((file) => {
    const reason = whyNot(() => {
      mkdirSync(folder, { recursive: true });
      saveText(join(folder, file), texts[file](result, findings));
    });
    return reason === undefined ? [] : [{ file, reason }];
  });
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
