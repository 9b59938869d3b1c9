/**
 * Finds the config file, and evaluates it in a separate process that can be ended at any time.
 */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { within } from '../system/deadline.ts';
import { exitOf, launch, programBeside } from '../system/launch.ts';
import { optionAsTyped, refused, type Checked, type Mentions } from '../scenario/complaint.ts';
import { textWithoutSecrets } from '../scenario/secrets.ts';
import type { OptionWords } from '../scenario/option.ts';
import type { OwnServerInFile } from '../scenario/own-servers/schema.ts';
import { requestsFor } from '../scenario/requests-of-file.ts';
import { noSections, withSection, type ConfigWords, type SectionName } from './config-schema.ts';

/** File names that are tried in the current folder, in this order. */
const usualNames = ['ts', 'mts', 'js', 'mjs', 'json'].map(
  (extension) => `ssebench.config.${extension}`,
);

export interface ConfigFile extends ConfigWords {
  /** Its path as given, or `null` if there is no file. */
  file: string | null;
}

/**
 * The answer of that process: the file's words and complaints about them, or why the file could not
 * be read.
 */
export type FromConfig = Checked<ConfigWords>;

const readWithinMs = 10_000;

/**
 * @param mentions values of `--config`
 * @param signal stops waiting for the file
 */
export async function loadConfig(mentions: Mentions, signal: AbortSignal): Promise<ConfigFile> {
  const nothing = {
    words: { servers: [], options: {}, headers: [], expect: [] },
    sections: noSections,
  };
  const typed = mentions.at(-1);
  const file = typed === undefined ? usualNames.find((name) => existsSync(name)) : typed;
  if (file === undefined) return { file: null, ...nothing, complaints: [] };
  const unread = (...reasons: readonly string[]) => ({
    file: null,
    words: { ...nothing.words, lacksServers: true },
    sections: noSections,
    complaints: reasons.map((reason) => `${optionAsTyped('--config', file)}: ${reason}`),
  });
  if (file === true || file === '')
    return unread('must be a file, such as --config ssebench.config.ts');
  if (!existsSync(file)) return unread('no such file; check the path');
  const found = await evaluated(resolve(file), signal);
  return found.ok ? { file, ...found.value } : unread(...found.complaints.map(textWithoutSecrets));
}

/** The input of a command from its command line and the config file. */
export interface FromFile extends Pick<ConfigFile, 'complaints'> {
  /** Notes to print before the start. */
  notes: readonly string[];
  /** The options given on the command line, then those of the file. */
  options: OptionWords;
  /** The servers that the file lists. */
  listed: readonly string[];
  /** The servers of the user among them. */
  ownServers: readonly OwnServerInFile[];
  /** Whether the file may have more servers, because its list could not be read completely. */
  lacksServers: boolean;
}

/**
 * Reads the config file for a command with a section.
 *
 * @param given options on the command line, which override the file
 * @param names servers on the command line, besides `--url`
 * @param mentions values of `--config`
 * @param signal stops waiting for the file
 */
export async function withConfigFile(
  given: OptionWords,
  names: readonly string[],
  section: SectionName,
  mentions: Mentions,
  signal: AbortSignal,
): Promise<FromFile> {
  const file = await loadConfig(mentions, signal);
  const { words, notes, complaints } = requestsFor(names, given.url, file.words, `${file.file}`);
  return {
    options: withSection(given, section, { ...file, words }),
    notes,
    listed: file.words.servers,
    ownServers: file.words.ownServers ?? [],
    lacksServers: file.words.lacksServers ?? false,
    complaints: [...file.complaints, ...complaints],
  };
}

async function evaluated(path: string, signal: AbortSignal): Promise<FromConfig> {
  // If a debugger is attached to ssebench, its port is already taken.
  const nodeArguments = process.execArgv.some((argument) => argument.startsWith('--inspect'))
    ? []
    : process.execArgv;
  const command = [
    process.execPath,
    '--disable-warning=ExperimentalWarning', // Node 24.0 warns about each file in TypeScript
    ...nodeArguments,
    programBeside(import.meta.url, 'config-process'),
    path,
  ] as const;
  // Output of the file goes to stderr, because stdout is for the result.
  const child = launch(command, {
    foreign: true,
    cores: undefined,
    stdio: ['ignore', 2, 2, 'pipe'],
  });
  const lines = createInterface({ input: child.stdio[3] as Readable });
  const answer = once(lines, 'line').then(([line]) => JSON.parse(line as string) as FromConfig);
  const ended = exitOf(child).then(({ code, signal: by }): FromConfig =>
    refused(
      `ended its process (${by ? `killed by ${by}` : `exit code ${code}`}) before ssebench could read it; remove the code that ends it`,
    ),
  );
  const late = `was not read within ${readWithinMs / 1000} s, because it loops or waits, or because this machine is too busy; remove code that loops or waits, or run ssebench again`;
  try {
    return await within(readWithinMs, late, Promise.race([answer, ended]), signal);
  } catch (error) {
    return refused((error as Error).message);
  } finally {
    child.kill('SIGKILL');
  }
}
