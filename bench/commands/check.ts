/** `ssebench check`: whether an endpoint is correct and ready for production. */
import { exitCodeOfCheck } from '../endpoint/exit-code.ts';
import { readCheckWords, type CheckRequest, type CheckWords } from '../endpoint/request.ts';
import { endpointJunit } from '../report/ci/endpoint-junit.ts';
import { endpointMarkdown } from '../report/markdown/endpoint.ts';
import { saveNamed, whyNot } from '../report/save-text.ts';
import { jsonText } from '../report/shared/escape.ts';
import { endpointReport } from '../report/terminal/endpoint.ts';
import type { EndpointResult } from '../result/endpoint-result.ts';
import { exitCodes } from '../result/exit-codes.ts';
import { complaintsOf, visible, type Mentions } from '../scenario/complaint.ts';
import { urlWithoutSecrets } from '../scenario/secrets.ts';
import { readOutputFile } from './output-file.ts';
import { BadInput, type Terminal } from './terminal.ts';

export interface CheckCommandWords extends CheckWords {
  json: boolean;
  junit: Mentions;
  markdown: Mentions;
  /** Complaints about words that look like options but are not. */
  complaints: readonly string[];
}

/** A file that the user asks for, and its text. */
interface Extra {
  flag: string;
  file: string | undefined;
  text(): string;
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
  const junit = readOutputFile('--junit', words.junit, 'check.xml');
  const markdown = readOutputFile('--markdown', words.markdown, 'check.md');
  const complaints = [...words.complaints, ...complaintsOf(read, junit, markdown)];
  if (!read.ok || !junit.ok || !markdown.ok || complaints.length > 0)
    throw new BadInput(complaints);
  const { failOn } = read.value;
  const result = await checked(read.value, terminal, signal);
  terminal.print(words.json ? jsonText(result) : endpointReport(result, terminal));
  const areSaved = saveAll(
    [
      { flag: '--junit', file: junit.value, text: () => endpointJunit(result, failOn) },
      { flag: '--markdown', file: markdown.value, text: () => endpointMarkdown(result) },
    ],
    terminal,
  );
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

/** @returns whether every file could be written */
function saveAll(extras: readonly Extra[], terminal: Terminal): boolean {
  let areSaved = true;
  for (const { flag, file, text } of extras) {
    const reason = file === undefined ? undefined : whyNot(() => saveNamed(file, text()));
    if (reason === undefined) continue;
    areSaved = false;
    terminal.essential(
      `${flag} ${visible(file!)}: could not be written (${reason}). The printed findings are complete.`,
    );
  }
  return areSaved;
}
