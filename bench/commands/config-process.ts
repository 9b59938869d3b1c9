/**
 * The process that evaluates a config file. The file is a program: it can loop, print or exit.
 * The answer is one line of JSON on file descriptor 3. It is written completely before the file can
 * do anything else.
 */
import { readFileSync, writeSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { accepted, refused } from '../scenario/complaint.ts';
import { readConfigFile } from './config-schema.ts';
import type { FromConfig } from './config-file.ts';

const path = process.argv[2]!;
const answerDescriptor = 3;
const answer = (found: FromConfig) =>
  void writeSync(answerDescriptor, `${JSON.stringify(found)}\n`);
const cannotBeRead = (error: unknown) => answer(refused(`cannot be read: ${whyUnreadable(error)}`));

/**
 * The message of the JSON parser quotes the file, which can hold secrets. We report only the
 * position.
 */
function whyUnreadable(error: unknown): string {
  const message = String((error as Error | null)?.message ?? error).split('\n')[0]!;
  if (extname(path) !== '.json' || !(error instanceof SyntaxError)) return message;
  const [position = 'unknown position'] = /line \d+ column \d+/.exec(message) ?? [];
  return `not valid JSON (${position})`;
}

async function evaluate(): Promise<FromConfig> {
  return accepted(readConfigFile(basename(path), await exportOf()));
}

async function exportOf(): Promise<unknown> {
  if (extname(path) === '.json') return JSON.parse(readFileSync(path, 'utf8'));
  const { default: exported } = (await import(pathToFileURL(path).href)) as { default?: unknown };
  return exported;
}

process.once('uncaughtException', cannotBeRead);
// The event loop is empty, so the promise that the file awaits can never settle.
process.once('beforeExit', () =>
  answer(
    refused('never finishes, because it awaits a promise that never settles; remove that await'),
  ),
);
evaluate().then(answer, cannotBeRead);
