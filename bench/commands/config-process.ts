/**
 * The process that evaluates a scenario file. The file is a program: it may loop, print, or end its process. Its answer
 * is one line of JSON in the fourth descriptor, and is whole before anything that the file does next.
 */
import { readFileSync, writeSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readConfig } from '../scenario/config.ts';
import type { FromConfig } from './config-file.ts';

const path = process.argv[2]!;
const answerDescriptor = 3;
const answer = (found: FromConfig) => void writeSync(answerDescriptor, `${JSON.stringify(found)}\n`);
const cannotBeRead = (error: unknown) => {
  const [firstLine] = String((error as Error | null)?.message ?? error).split('\n');
  answer({ reason: `cannot be read: ${firstLine}` });
};

async function evaluate(): Promise<FromConfig> {
  return readConfig(basename(path), await exportOf());
}

async function exportOf(): Promise<unknown> {
  if (extname(path) === '.json') return JSON.parse(readFileSync(path, 'utf8'));
  const { default: exported } = (await import(pathToFileURL(path).href)) as { default?: unknown };
  return exported;
}

process.once('uncaughtException', cannotBeRead);
// Nothing is left that could settle the promise that it waits for.
process.once('beforeExit', () => answer({ reason: 'never ends: it waits (await) for a promise that nothing settles; leave that await out' }));
evaluate().then(answer, cannotBeRead);
