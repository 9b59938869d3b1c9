/** Results on disk. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { decodeDurations } from './measure/histogram.ts';
import { jsonText } from './report/escape.ts';
import { markdownReport } from './report/markdown.ts';
import { pageReport } from './report/page/page.ts';
import { runResultSchema, schemaVersion, type RunResult } from './result.ts';
import { textWithoutSecrets } from './scenario/secrets.ts';
import { resultWithoutSecrets } from './without-secrets.ts';

/** Writes `result.json` and `report.md`; whoever reads meanwhile sees the old files or the new, whole. */
export function saveResult(folder: string, result: RunResult): void {
  mkdirSync(folder, { recursive: true });
  saveText(join(folder, 'result.json'), `${jsonText(result, 1)}\n`);
  saveText(join(folder, 'report.md'), markdownReport(result));
}

/** Writes a result that is whole, and all that is made from it. */
export function saveAll(folder: string, result: RunResult): void {
  saveResult(folder, result);
  saveReports(folder, result);
}

/** Writes what is made from a result for people: `report.md`, and `report.html` for a browser. */
export function saveReports(folder: string, result: RunResult): void {
  saveText(join(folder, 'report.md'), markdownReport(result));
  saveText(join(folder, 'report.html'), pageReport(result));
}

/** Whoever reads meanwhile sees the old text or the new, whole. */
export function saveText(path: string, text: string): void {
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

/**
 * Reads a saved result. Secrets that an older version saved are left out.
 *
 * @param path of the folder, or of `result.json` itself
 * @returns the result, or why it cannot be read, with the way out
 */
export function readResult(path: string): RunResult | { reason: string } {
  let saved: unknown;
  try {
    saved = JSON.parse(readFileSync(statSync(path).isDirectory() ? join(path, 'result.json') : path, 'utf8'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) return { reason: 'is not whole, or no JSON; name the folder of a result, or its result.json' };
    return { reason: code === 'ENOENT' ? 'there is no result; name the folder of one, or its result.json' : `cannot be read (${code}); name the folder of a result` };
  }
  const version = (saved as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (typeof version !== 'number') return { reason: 'is no result of ssebench; name the folder of a result, or its result.json' };
  if (version !== schemaVersion) return { reason: `has schema version ${version}, and this ssebench reads version ${schemaVersion}; measure it anew` };
  const { data, error } = runResultSchema.safeParse(saved);
  if (data) return areWhole(data) ? resultWithoutSecrets(data) : { reason: 'is damaged: it has a histogram that cannot be read; measure it anew' };
  const [first] = error.issues;
  return { reason: textWithoutSecrets(`is damaged: ${first!.path.join('.')}: ${first!.message}; measure it anew`) };
}

function areWhole({ rounds }: RunResult): boolean {
  try {
    for (const { histograms } of rounds) decodeDurations(Object.values(histograms ?? {}));
    return true;
  } catch {
    return false;
  }
}
