/** `ssebench leaks`: finds what servers do not release of closed streams. */
import { exitCodes } from '../result/exit-codes.ts';
import { readLeaksWords, type LeaksWords } from '../leaks/words.ts';
import type { LeaksResult } from '../result/leak-result.ts';
import { jsonText } from '../report/shared/escape.ts';
import { githubAnnotations, junitReport } from '../report/ci/junit-and-annotations.ts';
import { leaksReport } from '../report/terminal/leaks.ts';
import { saveNamed, whyNot } from '../report/save-text.ts';
import { complaintsOf, visible, type Mentions } from '../scenario/complaint.ts';
import { exitCodeOfLeaks } from '../verdict/exit-code.ts';
import { readOutputFile } from './output-file.ts';
import { BadInput, type Terminal } from './terminal.ts';

export interface LeaksCommandWords extends LeaksWords {
  json: boolean;
  junit: Mentions;
  /** Complaints about words that look like options but are not. */
  complaints: readonly string[];
}

/**
 * @param signal ends the check early
 * @returns the exit code
 * @throws BadInput
 */
export async function leaksCommand(
  words: LeaksCommandWords,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const read = readLeaksWords(words);
  const junitFile = readOutputFile('--junit', words.junit, 'results/leaks.xml');
  const complaints = [...words.complaints, ...complaintsOf(read, junitFile)];
  if (!read.ok || !junitFile.ok || complaints.length > 0) throw new BadInput(complaints);
  const { servers, options } = read.value;
  const junit = junitFile.value;
  const { checkServer } = await import('../leaks/check-server.ts');
  const result: LeaksResult = {
    schemaVersion: 2,
    startedAt: new Date().toISOString(),
    servers: [],
  };
  for (const server of servers) {
    if (signal.aborted) break;
    const verdict = await checkServer(server, options, signal, ({ about }, place) =>
      terminal.progress(`${server.name}: ${about} (${place + 1} of ${options.modes.length})`),
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
    terminal.essential(
      `--junit ${visible(junit!)}: could not be written (${unwritten}). The printed verdicts are complete.`,
    );
  if (signal.aborted) return exitCodes.interrupted;
  const code = exitCodeOfLeaks(result.servers);
  return code === exitCodes.success && unwritten !== undefined ? exitCodes.failure : code;
}
