/** Results on disk. */
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { markdownReport } from './report/markdown.ts';
import type { RunResult } from './result.ts';

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

/**
 * Why a result cannot be written to a folder, or `undefined` where it can. Tries it, since permissions do not
 * tell all (a full disk, a read-only file system), and leaves nothing behind.
 */
export function whyNotWritable(folder: string): string | undefined {
  return existsSync(join(folder, 'result.json')) ? 'holds a result already' : whyNoFileIn(folder);
}

/** Why no file can be written there, if so. The folder need not be there yet. */
export function whyNoFileIn(folder: string): string | undefined {
  const missing: string[] = [];
  const made: string[] = [];
  for (let above = folder; !existsSync(above); above = dirname(above)) missing.unshift(above);
  try {
    // One by one: Node's recursive mkdir never returns where the system refuses a folder as "not found".
    for (const one of missing) {
      mkdirSync(one);
      made.push(one);
    }
    const trial = join(folder, '.ssebench-trial');
    writeFileSync(trial, '');
    rmSync(trial);
    return undefined;
  } catch (error) {
    return `cannot be written to (${(error as NodeJS.ErrnoException).code})`;
  } finally {
    if (made[0]) rmSync(made[0], { recursive: true, force: true });
  }
}
