/** Options that name a file to write, such as `--junit`. */
import { resolve } from 'node:path';
import { whyNoFileAt } from '../report/writable.ts';
import {
  accepted,
  readMentions,
  refused,
  type Checked,
  type Mentions,
} from '../scenario/complaint.ts';

/**
 * @param example a file name, for the complaint about an empty one
 * @param plan whether nothing may change on disk
 * @returns the last file given, `undefined` without one, or a complaint about each that cannot be
 * written
 */
export const readOutputFile = (
  flag: string,
  mentions: Mentions,
  example: string,
  plan = false,
): Checked<string | undefined> =>
  readMentions(flag, mentions, (file) => {
    if (file === '') return refused(`must be a file name, such as ${flag} ${example}`);
    const reason = whyNoFileAt(resolve(file), plan);
    return reason === undefined ? accepted(file) : refused(`${reason}; choose another file`);
  });
