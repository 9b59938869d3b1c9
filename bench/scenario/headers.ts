/**
 * Request headers: from lines of a command line, `Name: value`, or from an object of names and
 * values.
 */
import { accepted, optionAsTyped, refused, type Checked, type Mentions } from './complaint.ts';
import { headerLineWithoutSecrets } from './command-secrets.ts';

/** Headers about the connection and the body, which HTTP sets itself; undici refuses them. */
const headersOfHttp = new Set([
  'content-length',
  'expect',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
]);

/** A request header given by a person. */
export interface GivenHeader {
  name: string;
  /** `undefined` for a line without a colon. */
  value: string | undefined;
  /** As written, without secrets. */
  shown: string;
}

export const headersInWords = (lines: Mentions): GivenHeader[] =>
  lines.map((line) => {
    const [, name = '', value] = /^([^:]*)(?::([^]*))?$/.exec(String(line))!;
    const shown = line === true ? line : headerLineWithoutSecrets(line);
    return { name, value, shown: optionAsTyped('--header', shown) };
  });

/** @param label stands before a header in complaints */
export const headersInProgram = (
  headers: Readonly<Record<string, string>>,
  label = 'headers',
): GivenHeader[] =>
  Object.entries(headers).map(([name, value]) => ({
    name,
    value: String(value),
    shown: optionAsTyped(label, headerLineWithoutSecrets(`${name}: ${value}`)),
  }));

/** The requirement for a header line, for complaints. */
export const headerLine =
  'must be a name without spaces, a colon, and a value of Latin letters in one line, ' +
  "such as --header 'Authorization: Bearer abc'";

/**
 * @param must the requirement for a header, for complaints
 * @returns the headers, or a complaint about each one that cannot be sent
 */
export function checkHeaders(
  given: readonly GivenHeader[],
  must: string,
): Checked<Record<string, string>> {
  const headers = new Map<string, string>();
  const complaints: string[] = [];
  for (const { name: written, value = '\n', shown } of given) {
    const name = written.toLowerCase();
    if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name) || !/^[\t\x20-\x7e\x80-\xff]*$/.test(value))
      complaints.push(`${shown}: ${must}`);
    else if (headersOfHttp.has(name))
      complaints.push(`${shown}: HTTP sets this header itself; leave it out`);
    else if (headers.has(name))
      complaints.push(`${shown}: given twice; give it once, with all its values`);
    else headers.set(name, value.trim());
  }
  return complaints.length > 0 ? refused(...complaints) : accepted(Object.fromEntries(headers));
}
