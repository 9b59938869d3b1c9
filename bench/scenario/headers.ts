/** Request headers, as a person writes them: `Name: value`. */
import { accepted, optionAsTyped, refused, type Checked, type Mentions } from './complaint.ts';
import { headerLineWithoutSecrets } from './command-secrets.ts';

/** What HTTP says of the connection and the body, which are not a request's to choose; undici refuses them. */
const headersOfHttp = new Set([
  'content-length',
  'expect',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
]);

/** @returns the headers; or a complaint of every line that cannot be sent */
export function readHeaders(lines: Mentions): Checked<Record<string, string>> {
  const headers = new Map<string, string>();
  const complaints: string[] = [];
  for (const line of lines) {
    const complainOfIt = (reason: string) =>
      complaints.push(
        `${optionAsTyped('--header', line === true ? line : headerLineWithoutSecrets(line))}: ${reason}`,
      );
    const [, typed, value] =
      /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*)$/.exec(String(line)) ?? [];
    const name = typed?.toLowerCase();
    if (name === undefined || value === undefined) {
      complainOfIt(
        'must be a name without spaces, a colon, and a value of Latin letters in one line, ' +
          "such as --header 'Authorization: Bearer abc'",
      );
    } else if (headersOfHttp.has(name)) complainOfIt('cannot be chosen for a stream; leave it out');
    else if (headers.has(name)) complainOfIt('named twice; name it once, with all its values');
    else headers.set(name, value.trim());
  }
  return complaints.length > 0 ? refused(...complaints) : accepted(Object.fromEntries(headers));
}
