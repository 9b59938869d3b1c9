/** Results on disk. */
import { accessSync, constants, existsSync, mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { markdownReport } from './markdown.ts';
import type { RunResult } from '../result.ts';

/** Writes `result.json` and `report.md`; whoever reads meanwhile sees the old files or the new, whole. */
export function saveResult(folder: string, result: RunResult): void {
  mkdirSync(folder, { recursive: true });
  replaceFile(join(folder, 'result.json'), `${JSON.stringify(result, null, 1)}\n`);
  replaceFile(join(folder, 'report.md'), markdownReport(result));
}

function replaceFile(path: string, text: string) {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

/** Why a result cannot be written to a folder, or `undefined` where it can. Changes nothing on disk. */
export function whyNotWritable(folder: string): string | undefined {
  if (existsSync(join(folder, 'result.json'))) return 'holds a result already';
  let nearest = folder;
  while (!existsSync(nearest)) nearest = dirname(nearest);
  if (!statSync(nearest).isDirectory()) return `${nearest} is not a folder`;
  try {
    accessSync(nearest, constants.W_OK);
    return undefined;
  } catch {
    return `${nearest} cannot be written to`;
  }
}
