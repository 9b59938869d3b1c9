/** `ssebench check`: whether an endpoint is correct and ready for production. */
import { exitCodeOfChecks } from '../endpoint/exit-code.ts';
import type { EndpointToCheck } from '../endpoint/request.ts';
import { readCheckWords, type CheckWords } from '../endpoint/words.ts';
import { endpointCiTexts } from '../report/ci/texts.ts';
import { jsonText } from '../report/shared/escape.ts';
import { endpointReport } from '../report/terminal/endpoint.ts';
import type { EndpointResult } from '../result/endpoint-result.ts';
import { exitCodes, unlessUnsaved } from '../result/exit-codes.ts';
import { complaintsOf } from '../scenario/complaint.ts';
import { urlWithoutSecrets } from '../scenario/secrets.ts';
import { readCiFiles, writeForCi, type CiWords } from './ci-output.ts';
import { whyNotListening } from './ports.ts';
import { BadInput, type Terminal } from './terminal.ts';

export interface CheckCommandWords extends CheckWords, CiWords {
  json: boolean;
  /** Complaints about words that look like options but are not. */
  complaints: readonly string[];
}

/**
 * @param signal ends the check early
 * @returns the exit code
 * @throws BadInput
 */
export async function checkCommand(
  words: CheckCommandWords,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const read = readCheckWords(words);
  const files = readCiFiles(words, 'check');
  const complaints = [
    ...words.complaints,
    ...complaintsOf(read, files),
    ...(read.ok ? whyNotListening(read.value.endpoints) : []),
  ];
  if (!read.ok || !files.ok || complaints.length > 0) throw new BadInput(complaints);
  const { endpoints, failOn } = read.value;
  const results: EndpointResult[] = [];
  for (const endpoint of endpoints) {
    if (signal.aborted) break;
    const result = await checked(endpoint, terminal, signal);
    if (!words.json) terminal.print(spaced(results.length, endpointReport(result, terminal)));
    results.push(result);
  }
  if (words.json) terminal.print(jsonText(endpoints.length === 1 ? results[0] : results));
  const printed = { json: words.json, what: 'findings' };
  const texts = endpointCiTexts(results, failOn, signal.aborted);
  const areSaved = writeForCi(files.value, texts, printed, terminal);
  if (signal.aborted) return exitCodes.interrupted;
  return unlessUnsaved(exitCodeOfChecks(results, failOn), areSaved);
}

/** An empty line separates the reports of several endpoints. */
const spaced = (before: number, text: string) => (before === 0 ? text : `\n${text}`);

const eachMs = 1_000;

async function checked(
  { endpoint, process }: EndpointToCheck,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<EndpointResult> {
  let seconds = 0;
  const show = () =>
    terminal.progress(
      `${urlWithoutSecrets(endpoint.url)}: checking for ${seconds++} s, of which it observes ${endpoint.watchMs / 1_000} s`,
    );
  show();
  const timer = setInterval(show, eachMs);
  try {
    const { checkServerAt } = await import('../endpoint/own-server.ts');
    return await checkServerAt(endpoint, process, signal);
  } finally {
    clearInterval(timer);
    terminal.progress('');
  }
}
