/** Texts of headers, cookies and bodies: as typed, from a file, or from a program. */
import { accepted, type Checked } from './complaint.ts';
import { withEnvironment } from './environment-text.ts';
import { readGivenFile } from './given-file.ts';

/** The name of the file in `@file`, or `undefined` for any other text. */
export const fileIn = (text: string): string | undefined =>
  text.startsWith('@') ? text.slice(1) : undefined;

/** A pair of a name and a value, from any source: a header or a cookie. */
export interface GivenPair {
  name: string;
  /** `undefined` for a line without a value. */
  value: string | undefined;
  /** The option with the pair as written, without secrets. */
  shown: string;
  /** Why the value is unknown; absent if it is known. */
  reasons?: readonly string[];
}

/**
 * The pairs of an object in a program, which may have any type there.
 *
 * @param label what they are, for complaints
 * @param shownOf a pair with its option, without secrets
 */
export function pairsInProgram(
  given: unknown,
  label: string,
  shownOf: (name: string, value: string) => string,
): GivenPair[] {
  const isPlain = typeof given === 'object' && given !== null && !(Symbol.iterator in given);
  if (!isPlain) {
    const reason = "must be an object of names and their texts, such as { Name: 'value' }";
    return [{ name: '', value: undefined, shown: label, reasons: [reason] }];
  }
  return Object.entries(given).map(([name, value]: [string, unknown]) => {
    const pair = { name, value: String(value), shown: shownOf(name, String(value)) };
    return value === undefined || value === null
      ? { ...pair, reasons: [`is ${value}; give it a text, or leave it out`] }
      : pair;
  });
}

/** The pair with `$NAME` in its value filled in. */
export function filledIn(pair: GivenPair): GivenPair {
  const value = withEnvironment(pair.value ?? '');
  if (!value.ok) return { ...pair, reasons: value.complaints };
  return pair.value === undefined ? pair : { ...pair, value: value.value };
}

/** A line of a file that is neither blank nor a comment. */
interface FileLine {
  line: string;
  place: number;
}

export function linesOfFile(path: string): Checked<FileLine[]> {
  const text = readGivenFile(path);
  if (!text.ok) return text;
  const lines = text.value.split(/\r?\n/).map((line, index) => ({ line, place: index + 1 }));
  return accepted(lines.filter(({ line }) => !/^\s*(#|$)/.test(line)));
}

/** The text of a body as typed, or of the file that `@` names. A file is sent unchanged. */
export function bodyOf(typed: string): Checked<string> {
  const file = fileIn(typed);
  return file === undefined ? withEnvironment(typed) : readGivenFile(file);
}
