/**
 * Handles files that could not be written: prints messages, and saves the measurement elsewhere.
 */
import { relative } from 'node:path';
import type { RunResult } from '../result/run-result.ts';
import { resultFile, resultJson } from '../report/json/result-json.ts';
import { saveFormats, type Unwritten } from '../report/save.ts';
import { saveElsewhere } from '../report/save-text.ts';
import type { Findings } from '../verdict/findings.ts';
import { called } from './invocation.ts';
import type { Terminal } from './terminal.ts';

export const describeUnwritten = ({ file, reason }: Unwritten, folder: string): string =>
  `${file} could not be written to ${relative('.', folder) || '.'} (${reason})`;

/**
 * Saves a result with its reports. If its folder does not accept the result, the result goes to
 * another folder, and if that fails too, to stdout.
 *
 * @param isPrinted whether stdout already has the result as JSON
 * @returns whether everything could be written
 */
export function saveOrRescue(
  folder: string,
  result: RunResult,
  findings: Findings,
  isPrinted: boolean,
  terminal: Terminal,
): boolean {
  const unwritten = saveFormats('end', folder, result, findings);
  for (const each of unwritten) {
    const words = describeUnwritten(each, folder);
    if (each.file === resultFile) rescue(result, words, isPrinted, terminal);
    else
      terminal.essential(
        `${words}; free some space, then create it with ${called('report', relative('.', folder) || '.')}`,
      );
  }
  return unwritten.length === 0;
}

function rescue(result: RunResult, words: string, isPrinted: boolean, terminal: Terminal): void {
  const file = saveElsewhere(resultFile, resultJson(result));
  if (file !== undefined)
    return terminal.essential(
      `${words}; it is in ${file} instead. Create its reports with ${called('report', file)}`,
    );
  if (isPrinted)
    return terminal.essential(`${words}, nor anywhere else; the printed JSON is the only copy.`);
  terminal.essential(`${words}, nor anywhere else; copy it from here:`);
  terminal.print(JSON.stringify(result));
}
