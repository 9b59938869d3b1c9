/** Finds the scenario file and reads it. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { optionAsTyped, type Mentions } from '../scenario/complaint.ts';
import { readConfig } from '../scenario/config.ts';
import { textWithoutSecrets } from '../scenario/secrets.ts';
import type { RunWords } from '../scenario/request.ts';

/** Looked for in the current folder, in this order. */
const usualNames = ['ts', 'mts', 'js', 'mjs', 'json'].map((extension) => `ssebench.config.${extension}`);

export interface ConfigFile {
  /** Its path, as it was given; `null` where there is none. */
  file: string | null;
  words: RunWords;
  complaints: string[];
}

/** @param mentions of `--config` */
export async function loadConfig(mentions: Mentions): Promise<ConfigFile> {
  const nothing = { servers: [], options: {}, headers: [], expect: [] };
  const typed = mentions.at(-1);
  const file = typed === undefined ? usualNames.find((name) => existsSync(name)) : typed;
  if (file === undefined) return { file: null, words: nothing, complaints: [] };
  const refused = (reason: string) => ({ file: null, words: nothing, complaints: [`${optionAsTyped('--config', file)}: ${reason}`] });
  if (file === true || file === '') return refused('must be a file, such as --config ssebench.config.ts');
  if (!existsSync(file)) return refused('there is no such file; leave it out, or name one that is there');
  try {
    return { file, ...readConfig(basename(file), await exportOf(resolve(file))) };
  } catch (error) {
    return refused(`cannot be read: ${textWithoutSecrets(whyUnreadable(error, file))}`);
  }
}

/** The parser of JSON quotes the file, which may hold secrets; its position is enough. */
function whyUnreadable(error: unknown, file: string): string {
  const message = String((error as Error | null)?.message ?? error).split('\n')[0]!;
  if (extname(file) !== '.json' || !(error instanceof SyntaxError)) return message;
  const [position = 'there is a mistake in it'] = /line \d+ column \d+/.exec(message) ?? [];
  return `it is not JSON: ${position}`;
}

async function exportOf(path: string): Promise<unknown> {
  if (extname(path) === '.json') return JSON.parse(readFileSync(path, 'utf8'));
  const { default: exported } = (await import(pathToFileURL(path).href)) as { default?: unknown };
  return exported;
}
