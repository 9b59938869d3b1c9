/** Saves results on disk. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RunResult } from '../result/run-result.ts';
import type { Findings } from '../verdict/findings.ts';
import { formatsAt, type Format, type Moment } from './formats.ts';
import { saveText, whyNot } from './save-text.ts';

/** A file that could not be written. */
export interface Unwritten {
  file: string;
  reason: string;
}

/**
 * Writes the files of a moment. A reader sees either the old or the new version of each file, never
 * a part.
 *
 * @returns the files that could not be written; one failure does not prevent the others
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
 * Writes the files of the moment `round`, which follows each round.
 *
 * @throws at the first file that cannot be written
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
