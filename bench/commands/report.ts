/** `ssebench report`: makes the reports of a saved result again, in the form of this version. */
import { existsSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { exitCodes } from '../result/exit-codes.ts';
import { terminalText } from '../report/shared/escape.ts';
import { readResult } from '../report/read-result.ts';
import { filesAt } from '../report/formats.ts';
import { saveFormats } from '../report/save.ts';
import { describeUnwritten } from './unwritten.ts';
import { whyNoFileIn } from '../report/writable.ts';
import { valueOf, visible } from '../scenario/complaint.ts';
import { findingsOf } from '../verdict/findings.ts';
import { called } from './invocation.ts';
import { BadInput, type Terminal } from './terminal.ts';

export interface ReportCommandWords {
  /** Paths of results: folders, or files such as `result.json`. */
  names: readonly string[];
  /** Complaints about words that look like options but are not. */
  complaints: readonly string[];
}

/**
 * @returns the exit code
 * @throws BadInput, before anything is written
 */
export function reportCommand(
  { names, complaints }: ReportCommandWords,
  terminal: Terminal,
): number {
  const results = names.map((name) => ({ name, folder: folderOf(name), read: readResult(name) }));
  const bad = results.flatMap(({ name, folder, read }) => {
    const reasons = read.ok ? [whyNoFileIn(folder) ?? []].flat() : read.complaints;
    return reasons.map((reason) => `${visible(name)}: ${reason}`);
  });
  const none =
    names.length === 0
      ? [`report: no result given; give its folder, such as ${called('report', 'results/before')}`]
      : [];
  if (complaints.length + none.length + bad.length > 0)
    throw new BadInput([...complaints, ...none, ...bad]);
  const { first, others } = filesAt('report');
  let code: number = exitCodes.success;
  for (const { folder, read } of results) {
    const result = valueOf(read);
    const unwritten = saveFormats('report', folder, result, findingsOf(result));
    for (const each of unwritten)
      terminal.essential(
        `${terminalText(describeUnwritten(each, folder))}; free some space, or create it from a copy of the result.`,
      );
    if (unwritten.length > 0) code = exitCodes.failure;
    else
      terminal.note(
        `Written: ${terminalText(relative('.', join(folder, first)))} (same folder: ${others}).`,
      );
  }
  return code;
}

const folderOf = (path: string) =>
  existsSync(path) && statSync(path).isDirectory() ? path : dirname(path);
