/** `ssebench leaks`: what servers keep of streams that have gone. */
import { resolve } from 'node:path';
import { exitCodes } from '../result/exit-codes.ts';
import { checkServer } from '../leaks/check-server.ts';
import { readLeaksRequest, type LeaksWords } from '../leaks/request.ts';
import type { LeaksResult } from '../result/leak-result.ts';
import { jsonText } from '../report/shared/escape.ts';
import { githubAnnotations, junitReport } from '../report/ci/junit-and-annotations.ts';
import { leaksReport } from '../report/terminal/leaks.ts';
import { saveNamed, whyNot } from '../report/save.ts';
import { optionAsTyped, type Mentions } from '../scenario/complaint.ts';
import { whyNoFileAt } from '../report/writable.ts';
import { exitCodeOfLeaks } from '../verdict/exit-code.ts';
import { BadInput, type Terminal } from './terminal.ts';

export interface LeaksCommandWords extends LeaksWords {
  json: boolean;
  junit: Mentions;
  /** About what was typed and is no option. */
  complaints: readonly string[];
}

/**
 * @param signal asks for an early end
 * @returns the exit code
 * @throws BadInput
 */
export async function leaksCommand(
  words: LeaksCommandWords,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const read = readLeaksRequest(words);
  const { file: junit, complaints: aboutJunit } = readJunit(words.junit);
  const complaints = [
    ...words.complaints,
    ...('complaints' in read ? read.complaints : []),
    ...aboutJunit,
  ];
  if ('complaints' in read || complaints.length > 0) throw new BadInput(complaints);
  const { subjects, options } = read.request;
  const result: LeaksResult = {
    schemaVersion: 1,
    startedAt: new Date().toISOString(),
    servers: [],
  };
  for (const subject of subjects) {
    if (signal.aborted) break;
    const verdict = await checkServer(subject, options, signal, ({ about }, place) =>
      terminal.progress(`${subject.name}: ${about} (${place + 1} of ${options.modes.length})`),
    );
    terminal.progress('');
    result.servers.push(verdict);
    if (!words.json && !signal.aborted) terminal.print(leaksReport([verdict], terminal));
  }
  if (words.json) terminal.print(jsonText(result));
  else if (process.env.GITHUB_ACTIONS === 'true')
    for (const line of githubAnnotations(result)) terminal.print(line);
  const unwritten =
    junit === undefined ? undefined : whyNot(() => saveNamed(junit, junitReport(result)));
  if (unwritten !== undefined)
    terminal.note(
      `${optionAsTyped('--junit', junit!)}: could not be written (${unwritten}); the verdicts are those that were printed.`,
    );
  if (signal.aborted) return exitCodes.interrupted;
  const code = exitCodeOfLeaks(result.servers);
  return code === exitCodes.success && unwritten !== undefined ? exitCodes.failure : code;
}

function readJunit(mentions: Mentions): { file: string | undefined; complaints: string[] } {
  const last = mentions.at(-1);
  const missing = mentions.filter((file) => file === true || file === '');
  const complaints = missing.map(
    (file) =>
      `${optionAsTyped('--junit', file)}: must be a file, such as --junit results/leaks.xml`,
  );
  if (typeof last !== 'string' || last === '') return { file: undefined, complaints };
  const reason = whyNoFileAt(resolve(last));
  if (reason !== undefined)
    complaints.push(`${optionAsTyped('--junit', last)}: ${reason}; choose another file`);
  return { file: last, complaints };
}
