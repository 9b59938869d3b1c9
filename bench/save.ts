/** Results on disk. */
import { closeSync, existsSync, mkdirSync, openSync, readSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { firstFault } from './first-fault.ts';
import { decodeDurations } from './measure/histogram.ts';
import { figuresOf } from './measure/summary.ts';
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
  let size: number;
  try {
    const text = readText(statSync(path).isDirectory() ? join(path, 'result.json') : path);
    size = text.length;
    saved = JSON.parse(text);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof TooLong) return { reason: `is longer than ${mostBytes / 2 ** 20} MiB, which no result is; name the folder of a result, or its result.json` };
    if (code === undefined) return { reason: 'is not whole, or no JSON; name the folder of a result, or its result.json' };
    return { reason: code === 'ENOENT' ? 'there is no result; name the folder of one, or its result.json' : `cannot be read (${code}); name the folder of a result` };
  }
  const version = (saved as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (typeof version !== 'number') return { reason: 'is no result of ssebench; name the folder of a result, or its result.json' };
  if (version !== schemaVersion) return { reason: `has schema version ${version}, and this ssebench reads version ${schemaVersion}; measure it anew` };
  const fault = firstFault(runResultSchema, saved);
  if (fault) return { reason: damaged(`${fault.path}: ${fault.message}`) };
  const { data, error } = runResultSchema.safeParse(saved);
  if (!data) return { reason: damaged(`${error.issues[0]!.path.join('.')}: ${error.issues[0]!.message}`) };
  const reason = whyUnreadable(data, size);
  return reason === undefined ? resultWithoutSecrets(data) : { reason: damaged(reason) };
}

const damaged = (what: string) => textWithoutSecrets(`is damaged: ${what}; measure it anew`);

/** Far more than the ten thousand rounds of a long run take. */
const mostBytes = 256 * 2 ** 20;

class TooLong extends Error {}

/** @throws TooLong also of what has no end, such as a device */
function readText(path: string): string {
  const file = openSync(path, 'r');
  try {
    const chunks: Buffer[] = [];
    for (let left = mostBytes; ; ) {
      const chunk = Buffer.allocUnsafe(2 ** 20);
      const length = readSync(file, chunk);
      if (length === 0) return Buffer.concat(chunks).toString();
      chunks.push(chunk.subarray(0, length));
      if ((left -= length) < 0) throw new TooLong();
    }
  } finally {
    closeSync(file);
  }
}

/**
 * A recorded duration takes a byte of a result, about. Of a file that has far more of them nobody measured anything: it was made
 * to take memory.
 */
const differentPerByte = 8;
const alwaysAllowed = 1_000_000;

/** Why the histograms cannot be read, if so. */
function whyUnreadable({ rounds }: RunResult, size: number): string | undefined {
  let left = alwaysAllowed + differentPerByte * size;
  try {
    for (const round of rounds) {
      if (round.state === 'measured') left -= figuresOf(round).different;
      else for (const encoded of Object.values(round.histograms ?? {})) left -= decodeDurations([encoded]).different;
      if (left < 0) return 'its histograms hold far more than was measured';
    }
    return undefined;
  } catch {
    return 'it has a histogram that cannot be read';
  }
}
