/** `ssebench check`: whether an endpoint is correct and ready for production. */
import { exitCodeOfCheck } from '../endpoint/exit-code.ts';
import { readCheckWords, type CheckRequest, type CheckWords } from '../endpoint/request.ts';
import { endpointCiTexts } from '../report/ci/texts.ts';
import { jsonText } from '../report/shared/escape.ts';
import { endpointReport } from '../report/terminal/endpoint.ts';
import type { EndpointResult } from '../result/endpoint-result.ts';
import { exitCodes } from '../result/exit-codes.ts';
import { complaintsOf } from '../scenario/complaint.ts';
import { urlWithoutSecrets } from '../scenario/secrets.ts';
import { readCiFiles, writeForCi, type CiWords } from './ci-output.ts';
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
  const complaints = [...words.complaints, ...complaintsOf(read, files)];
  if (!read.ok || !files.ok || complaints.length > 0) throw new BadInput(complaints);
  const { failOn } = read.value;
  const result = await checked(read.value, terminal, signal);
  terminal.print(words.json ? jsonText(result) : endpointReport(result, terminal));
  const printed = { json: words.json, what: 'findings' };
  const areSaved = writeForCi(files.value, endpointCiTexts(result, failOn), printed, terminal);
  if (signal.aborted) return exitCodes.interrupted;
  const code = exitCodeOfCheck(result, failOn);
  return code === exitCodes.success && !areSaved ? exitCodes.failure : code;
}

const eachMs = 1_000;

async function checked(
  { endpoint, command }: CheckRequest,
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
    if (command === null) {
      const { checkEndpoint } = await import('../endpoint/check.ts');
      return await checkEndpoint(endpoint, signal);
    }
    const { checkOwnServer } = await import('../endpoint/own-server.ts');
    return await checkOwnServer(endpoint, command, signal);
  } finally {
    clearInterval(timer);
    terminal.progress('');
  }
}
