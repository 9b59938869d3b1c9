/** `ssebench leaks`: finds what servers do not release of closed streams. */
import { exitCodes, unlessUnsaved } from '../result/exit-codes.ts';
import { createLeaksWatch } from './leaks-progress.ts';
import { readLeaksWords, type LeaksWords } from '../leaks/request/leaks-words.ts';
import type { LeaksResult } from '../result/leak-result.ts';
import { jsonText } from '../report/shared/escape.ts';
import { leaksCiTexts } from '../report/ci/texts.ts';
import { leaksReport } from '../report/terminal/leaks.ts';
import { complaintsOf } from '../scenario/complaint.ts';
import { exitCodeOfLeaks } from '../verdict/exit-code.ts';
import { readCiFiles, writeForCi, type CiWords } from './ci-output.ts';
import { haveServers } from './install-servers.ts';
import { whyNoLeaksOn } from './platform.ts';
import { BadInput, type Terminal } from './terminal.ts';

export interface LeaksCommandWords extends LeaksWords, CiWords {
  json: boolean;
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
  const notHere = whyNoLeaksOn(process.platform);
  if (notHere !== undefined) {
    terminal.essential(`ssebench leaks ${notHere}.`);
    return exitCodes.invalid;
  }
  const read = readLeaksWords(words);
  const files = readCiFiles(words, 'results/leaks');
  const complaints = [...words.complaints, ...complaintsOf(read, files)];
  if (!read.ok || !files.ok || complaints.length > 0) throw new BadInput(complaints);
  const { servers, options } = read.value;
  const references = servers.flatMap(({ name, spec }) => (spec.kind === 'reference' ? name : []));
  if (!(await haveServers(references, terminal, signal)))
    return signal.aborted ? exitCodes.interrupted : exitCodes.badInput;
  const { checkServer } = await import('../leaks/check-server.ts');
  const result: LeaksResult = {
    schemaVersion: 2,
    startedAt: new Date().toISOString(),
    servers: [],
  };
  for (const server of servers) {
    if (signal.aborted) break;
    const watch = createLeaksWatch(server.name, options.modes.length, terminal);
    const verdict = await checkServer(server, options, signal, watch);
    terminal.progress('');
    result.servers.push(verdict);
    const hasNothing = signal.aborted && verdict.state === 'not inspected';
    if (!words.json && !hasNothing) terminal.print(leaksReport([verdict], terminal));
  }
  if (words.json) terminal.print(jsonText(result));
  const printed = { json: words.json, what: 'verdicts' };
  const texts = leaksCiTexts(result, signal.aborted);
  const areWritten = writeForCi(files.value, texts, printed, terminal);
  const code = exitCodeOfLeaks(result.servers);
  // Findings count even if Ctrl-C ended the check.
  if (signal.aborted && code !== exitCodes.leaking) return exitCodes.interrupted;
  return unlessUnsaved(code, areWritten);
}
