/** Turns the words of `ssebench check` into a request, or reports everything that is wrong. */
import {
  accepted,
  complaintsOf,
  refused,
  visible,
  type Checked,
  type Complain,
  type Mentions,
} from '../scenario/complaint.ts';
import { wordWithoutSecrets } from '../scenario/command-secrets.ts';
import { cookieExample } from '../scenario/cookies.ts';
import { headerLine } from '../scenario/headers.ts';
import type { OptionWords } from '../scenario/option.ts';
import { ownServerInWords } from '../scenario/own-servers/read.ts';
import { readStreamRequest, requestInWords } from '../scenario/read-request.ts';
import { requestOptions } from '../scenario/request-words.ts';
import { urlWithoutSecrets } from '../scenario/secrets.ts';
import { whyNoUrl } from '../scenario/urls.ts';
import { givenInWords, onCommandLine, readValues } from '../scenario/values.ts';
import type { EndpointRequest } from './observations.ts';
import { checkOptions } from './options.ts';
import type { CheckedCommand } from './own-server.ts';

export interface CheckWords {
  /** The words after the command: one URL, unless `--url` gives it. */
  names: readonly string[];
  /** The words after `--`; empty if the server already runs. */
  command?: readonly string[];
  /** By the names of `checkOptions`, `serverOptions` and `requestOptions`. */
  options: OptionWords;
}

export interface CheckRequest {
  endpoint: EndpointRequest;
  /** Starts the server; `null` if it already runs. */
  command: CheckedCommand | null;
  failOn: 'error' | 'warning';
}

/** About ten seconds, as a person waits for an answer. */
const usualWatchMs = 10_000;

/** @returns the request, or all complaints, each with the option, the value and what to do */
export function readCheckWords({
  names,
  command = [],
  options,
}: CheckWords): Checked<CheckRequest> {
  const complaints: string[] = [];
  const complain = (complaint: string) => void complaints.push(complaint);
  const url = readUrl([...names, ...textsOf(options.url)]);
  for (const complaint of complaintsOf(url)) complain(complaint);
  const started = readProcess(url.ok ? url.value : example, command, options, complain);
  const values = readValues(checkOptions, options, complain);
  const { request } = readStreamRequest(
    requestInWords(givenInWords(requestOptions, options)),
    {
      servers: url.ok ? [{ url: url.value, headers: {} }] : [],
      withoutEffect: [],
      startsServer: command.length > 0,
      wording: onCommandLine(requestOptions),
      header: headerLine,
      cookie: cookieExample,
    },
    complain,
  );
  if (!url.ok || complaints.length > 0) return refused(...complaints);
  return accepted({
    endpoint: {
      url: url.value,
      request,
      origin: values.origin ?? null,
      watchMs: values.watch ?? usualWatchMs,
    },
    command: started,
    failOn: values.failOn ?? 'error',
  });
}

const example = 'http://127.0.0.1:3000/event';

const textsOf = (mentions: Mentions = []): string[] =>
  mentions.map((mention) => (mention === true ? '--url' : mention));

/** @returns `null` without a command, and after a complaint */
function readProcess(
  url: string,
  command: readonly string[],
  { readyWithin }: OptionWords,
  complain: Complain,
): CheckedCommand | null {
  if (command.length === 0 && readyWithin === undefined) return null;
  const words = { url: [url], ...(readyWithin && { readyWithin }) };
  const own = ownServerInWords(words, command, null, complain);
  return own?.process?.kind === 'command' ? own.process : null;
}

function readUrl([name, ...others]: readonly string[]): Checked<string> {
  if (name === undefined) return refused(`check: no URL is given; add one, such as ${example}`);
  const reason = whyNoUrl(name);
  const complaints = [
    ...(reason === undefined ? [] : [`${shown(name)}: ${reason}`]),
    ...others.map((each) => `${shown(each)}: is one too many; check one URL at a time`),
  ];
  return complaints.length > 0 ? refused(...complaints) : accepted(name);
}

/** A word without a protocol may be a part of a header that was not quoted. */
const shown = (word: string): string =>
  visible(
    /^[a-z][a-z0-9+.-]*:\/\//i.test(word)
      ? urlWithoutSecrets(word)
      : wordWithoutSecrets(word, false),
  );
