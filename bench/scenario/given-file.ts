/** Reads a text file that an option names. */
import { readFileSync, statSync } from 'node:fs';
import { accepted, refused, type Checked } from './complaint.ts';

/** Larger files are probably not what the user meant, and every generator needs their content. */
const mostMegabytes = 16;

/**
 * @param whyNotText the complaint about a file that is not UTF-8
 * @returns the text of the file, or why it cannot be used and what to do
 */
export function readGivenFile(
  path: string,
  whyNotText = 'is not UTF-8 text; save it in this encoding',
): Checked<string> {
  try {
    const stats = statSync(path);
    if (stats.isDirectory()) return refused('is a folder; give the name of a file');
    // A pipe is possible, so that a shell can write a secret into it: @<(print-token).
    if (!stats.isFile() && !stats.isFIFO()) return refused('is not a file; give a text file');
    if (stats.size > mostMegabytes * 1e6)
      return refused(`is larger than ${mostMegabytes} MB; use a smaller file`);
    const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
    return text.trim() === '' ? refused('is empty; fill it, or leave it out') : accepted(text);
  } catch (error) {
    return refused(whyUnreadable(error as NodeJS.ErrnoException, whyNotText));
  }
}

function whyUnreadable({ code = '' }: NodeJS.ErrnoException, whyNotText: string): string {
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'no such file; check the path';
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return whyNotText;
  return `cannot be read (${code}); check its permissions`;
}
