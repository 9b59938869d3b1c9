/**
 * Request headers: from lines of a command line or of a file, `Name: value`, or from an object of
 * names and values.
 */
import { accepted, optionAsTyped, refused, type Checked } from './complaint.ts';
import { headerLineWithoutSecrets } from './command-secrets.ts';
import { fileIn, filledIn, linesOfFile, pairsInProgram, type GivenPair } from './given-text.ts';
import type { Given } from './values.ts';

/** Headers about the connection and the body, which HTTP sets itself; undici refuses them. */
const headersOfHttp = new Set([
  'content-length',
  'expect',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
]);

/** The headers of a line as typed, or of the file that `@` names. */
export function headersInWords({ value: typed, shown }: Given): GivenPair[] {
  const line = String(typed);
  const file = fileIn(line);
  if (file === undefined || line.includes(':')) return [filledIn(headerOf(line, shown))];
  const lines = linesOfFile(file);
  const unread = (...reasons: readonly string[]) => [
    { name: '', value: undefined, shown, reasons },
  ];
  if (!lines.ok) return unread(...lines.complaints);
  if (lines.value.length === 0)
    return unread('has no headers; write one in each line, such as Name: value');
  return lines.value.map((each) =>
    filledIn(
      headerOf(each.line, `${shown}: line ${each.place}: ${headerLineWithoutSecrets(each.line)}`),
    ),
  );
}

function headerOf(line: string, shown: string): GivenPair {
  const [, name = '', value] = /^([^:]*)(?::([^]*))?$/.exec(line)!;
  return { name, value, shown };
}

/** @param label stands before a header in complaints */
export const headersInProgram = (
  headers: Readonly<Record<string, string>>,
  label = 'headers',
): GivenPair[] =>
  pairsInProgram(headers, label, (name, value) =>
    optionAsTyped(label, headerLineWithoutSecrets(`${name}: ${value}`)),
  );

/** The requirement for a header line, for complaints. */
export const headerLine =
  'must be a name without spaces, a colon, and a value of Latin letters in one line, ' +
  "such as --header 'Authorization: Bearer abc'";

/** Whether HTTP can send a text as the value of a header. */
export const isHeaderValue = (value: string): boolean => /^[\t\x20-\x7e\x80-\xff]*$/.test(value);

/**
 * @param must the requirement for a header, for complaints
 * @returns the headers, or a complaint about each one that cannot be sent
 */
export function checkHeaders(
  given: readonly GivenPair[],
  must: string,
): Checked<Record<string, string>> {
  const headers = new Map<string, string>();
  const complaints: string[] = [];
  for (const { name: written, value = '\n', shown, reasons } of given) {
    const name = written.toLowerCase();
    if (reasons) complaints.push(...reasons.map((reason) => `${shown}: ${reason}`));
    else if (!isToken(name) || !isHeaderValue(value)) complaints.push(`${shown}: ${must}`);
    else if (headersOfHttp.has(name))
      complaints.push(`${shown}: HTTP sets this header itself; leave it out`);
    else if (headers.has(name))
      complaints.push(`${shown}: given twice; give it once, with all its values`);
    else headers.set(name, value.trim());
  }
  return complaints.length > 0 ? refused(...complaints) : accepted(Object.fromEntries(headers));
}

/** Whether HTTP accepts a text as the name of a header, a cookie or a method. */
export const isToken = (name: string): boolean => /^[!#$%&'*+.^_`|~0-9a-z-]+$/i.test(name);
