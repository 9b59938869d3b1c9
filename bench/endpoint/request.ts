/** Turns the words of `ssebench check` into a request, or reports everything that is wrong. */
import {
  accepted,
  complaintsOf,
  refused,
  visible,
  type Checked,
  type Mentions,
} from '../scenario/complaint.ts';
import { wordWithoutSecrets } from '../scenario/command-secrets.ts';
import { checkHeaders, headerLine, headersInWords } from '../scenario/headers.ts';
import type { OptionWords } from '../scenario/option.ts';
import { plainRequest } from '../scenario/request-options.ts';
import { requestOptions } from '../scenario/request-words.ts';
import { urlWithoutSecrets } from '../scenario/secrets.ts';
import { whyNoUrl } from '../scenario/urls.ts';
import { givenInWords, readValues } from '../scenario/values.ts';
import type { EndpointRequest } from './observations.ts';
import { checkOptions } from './options.ts';

export interface CheckWords {
  /** The words after the command: one URL. */
  names: readonly string[];
  /** By the names of `checkOptions`. */
  options: OptionWords;
  headers: Mentions;
}

export interface CheckRequest {
  endpoint: EndpointRequest;
  failOn: 'error' | 'warning';
}

/** About ten seconds, as a person waits for an answer. */
const usualWatchMs = 10_000;

/** @returns the request, or all complaints, each with the option, the value and what to do */
export function readCheckWords({
  names,
  options,
  headers: lines,
}: CheckWords): Checked<CheckRequest> {
  const complaints: string[] = [];
  const url = readUrl(names);
  const values = readValues(checkOptions, options, (complaint) => complaints.push(complaint));
  const given = givenInWords({ header: requestOptions.header }, { header: lines });
  const headers = checkHeaders(given.flatMap(headersInWords), headerLine);
  complaints.unshift(...complaintsOf(url));
  complaints.push(...complaintsOf(headers));
  if (!url.ok || !headers.ok || complaints.length > 0) return refused(...complaints);
  return accepted({
    endpoint: {
      url: url.value,
      request: { ...plainRequest, headers: headers.value },
      origin: values.origin ?? null,
      watchMs: values.watch ?? usualWatchMs,
    },
    failOn: values.failOn ?? 'error',
  });
}

const example = 'http://127.0.0.1:3000/event';

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
