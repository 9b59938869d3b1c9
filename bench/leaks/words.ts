/** From the words of `ssebench leaks` to what is to be checked. */
import type { Checked, Mentions } from '../scenario/complaint.ts';
import { headerLine, headersInWords } from '../scenario/headers.ts';
import type { OptionWords } from '../scenario/option.ts';
import { givenInWords, onCommandLine } from '../scenario/values.ts';
import { leaksOptions } from './options.ts';
import { checkLeaksRequest, type LeaksRequest, type LeaksWording } from './request.ts';

/** The words, as they were typed. */
export interface LeaksWords {
  servers: readonly string[];
  /** What stood behind `--`. */
  command: readonly string[];
  options: OptionWords;
  headers: Mentions;
  trace: boolean;
  /** Whether to send the URL one request first. */
  probe: boolean;
}

const wording: LeaksWording = {
  ...onCommandLine(leaksOptions),
  command: 'the command behind --',
  header: headerLine,
};

/** @returns the request, or all complaints, each naming the option, the value and the way out */
export const readLeaksWords = ({
  options,
  headers,
  ...others
}: LeaksWords): Checked<LeaksRequest> =>
  checkLeaksRequest(
    {
      ...others,
      settings: givenInWords(leaksOptions, options),
      headers: headersInWords(headers),
    },
    wording,
  );
