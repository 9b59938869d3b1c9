/** Turns the words of `ssebench leaks` into a request for a check. */
import type { Checked } from '../../scenario/complaint.ts';
import { cookieExample } from '../../scenario/cookies.ts';
import { headerLine } from '../../scenario/headers.ts';
import type { OptionWords } from '../../scenario/option.ts';
import type { OwnServerInFile } from '../../scenario/own-servers/schema.ts';
import { requestInWords } from '../../scenario/read-request.ts';
import { requestOptions } from '../../scenario/request-words.ts';
import { givenInWords, onCommandLine } from '../../scenario/values.ts';
import { leaksOptions } from './leaks-options.ts';
import type { LeaksWording } from './leaks-input.ts';
import { checkLeaksRequest, type LeaksRequest } from './request.ts';

/** The words of the command line. */
export interface LeaksWords {
  servers: readonly string[];
  /** The words after `--`. */
  command: readonly string[];
  options: OptionWords;
  /** The servers of the user in the config file, which `servers` may name. */
  ownServers?: readonly OwnServerInFile[];
  /** Whether that file may have more servers, because its list could not be read completely. */
  lacksServers?: boolean;
  trace: boolean;
  /** Whether to send the URL one request first. */
  probe: boolean;
}

const wording: LeaksWording = {
  ...onCommandLine(leaksOptions),
  command: 'the command after --',
  beforeCommand: '--',
  request: { wording: onCommandLine(requestOptions), header: headerLine, cookie: cookieExample },
};

/** @returns the request, or all complaints; each names the option, the value and what to do */
export const readLeaksWords = ({ options, ...others }: LeaksWords): Checked<LeaksRequest> =>
  checkLeaksRequest(
    {
      ...others,
      settings: givenInWords(leaksOptions, options),
      request: requestInWords(givenInWords(requestOptions, options)),
    },
    wording,
  );
