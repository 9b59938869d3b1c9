/** Reads a saved result, which may be damaged or malicious. */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { firstFault } from './first-fault.ts';
import { resultFile } from './json/result-json.ts';
import { decodeDurations } from '../measure/durations.ts';
import { figuresOf } from '../metrics/summary.ts';
import { runResultSchema, schemaVersion, type RunResult } from '../result/run-result.ts';
import { accepted, refused, type Checked } from '../scenario/complaint.ts';
import { textWithoutSecrets } from '../scenario/secrets.ts';
import { resultWithoutSecrets } from '../result/without-secrets.ts';

/**
 * Reads a saved result. Secrets saved by an older version are left out.
 *
 * @param path of the folder, or of `result.json` itself
 * @param remedy what to do if the result has another version or is damaged
 * @returns the result, or why it cannot be read and what to do
 */
export function readResult(path: string, remedy = 'measure it again'): Checked<RunResult> {
  const damaged = (what: string) => refused(textWithoutSecrets(`is damaged: ${what}; ${remedy}`));
  let saved: unknown;
  let size: number;
  try {
    const text = readText(statSync(path).isDirectory() ? join(path, resultFile) : path);
    size = text.length;
    saved = JSON.parse(text);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof TooLong)
      return refused(
        `is larger than ${mostBytes / 2 ** 20} MiB, too large for a result; name the folder of a result, or its result.json`,
      );
    if (code === undefined)
      return refused('is not complete JSON; name the folder of a result, or its result.json');
    return refused(
      code === 'ENOENT'
        ? 'no result found; name the folder of a result, or its result.json'
        : `cannot be read (${code}); name the folder of a result`,
    );
  }
  const version = (saved as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (typeof version !== 'number')
    return refused('is not a result of ssebench; name the folder of a result, or its result.json');
  if (version !== schemaVersion)
    return refused(
      `has schema version ${version}, but this ssebench reads version ${schemaVersion}; ${remedy}`,
    );
  const fault = firstFault(runResultSchema, saved);
  if (fault) return damaged(`${fault.path}: ${fault.message}`);
  const { data, error } = runResultSchema.safeParse(saved);
  if (!data) return damaged(`${error.issues[0]!.path.join('.')}: ${error.issues[0]!.message}`);
  const result = resultWithoutSecrets(data);
  // This decodes all histograms, and caches them for these rounds.
  const reason = whyUnreadable(result, size);
  return reason === undefined ? accepted(result) : damaged(reason);
}

/** Far more than the 10,000 rounds of a long run need. */
const mostBytes = 256 * 2 ** 20;

class TooLong extends Error {}

/** @throws TooLong also for files without an end, such as a device */
function readText(path: string): string {
  const file = openSync(path, 'r');
  try {
    const chunks: Buffer[] = [];
    for (let left = mostBytes; ;) {
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
 * A recorded duration takes about one byte of a result. A file with far more durations was not
 * measured, but made to exhaust memory.
 */
const differentPerByte = 8;
const alwaysAllowed = 1_000_000;

/** @returns why the histograms cannot be read, if so */
function whyUnreadable({ rounds }: RunResult, size: number): string | undefined {
  let left = alwaysAllowed + differentPerByte * size;
  try {
    for (const round of rounds) {
      if (round.state === 'measured') left -= figuresOf(round).different;
      else
        for (const encoded of Object.values(round.histograms ?? {}))
          left -= decodeDurations([encoded]).different;
      if (left < 0) return 'its histograms have far more values than a measurement of this size';
    }
    return undefined;
  } catch {
    return 'it has a histogram that cannot be read';
  }
}
