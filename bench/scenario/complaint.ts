/** A value or complaints. Also quotes typed text in complaints and guesses what was meant. */
import { inspect } from 'node:util';
import { textWithoutSecrets } from './secrets.ts';

/** The text after each mention of an option, or `true` without text. The last mention counts. */
export type Mentions = readonly (string | true)[];

/** Takes one complaint: the option, its value, and what to do. */
export type Complain = (complaint: string) => void;

/** A checked value, or all complaints about it. */
export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly complaints: readonly string[] };

export const accepted = <T>(value: T): Checked<T> => ({ ok: true, value });

export const refused = (...complaints: readonly string[]): Checked<never> => ({
  ok: false,
  complaints,
});

/** The complaints of all of them. */
export const complaintsOf = (...all: readonly Checked<unknown>[]): string[] =>
  all.flatMap((checked) => (checked.ok ? [] : checked.complaints));

/** The input is invalid, so nothing was started. The message has one complaint on each line. */
export class BadInput extends Error {
  /** All complaints. Each names the option, its value without secrets, and what to do. */
  readonly complaints: readonly string[];

  constructor(complaints: readonly string[]) {
    super(complaints.join('\n'));
    this.name = 'BadInput';
    this.complaints = complaints;
  }
}

/**
 * @param about prefix of each complaint: what it is about
 * @throws with all complaints, one on each line
 */
export function valueOf<T>(checked: Checked<T>, about?: string): T {
  if (checked.ok) return checked.value;
  const prefix = about === undefined ? '' : `${about}: `;
  throw new Error(checked.complaints.map((complaint) => prefix + complaint).join('\n'));
}

/**
 * Quotes typed text for a message and hides its secrets. Puts it in quotes if it is empty, has
 * blanks around it, or contains control characters.
 */
export function visible(typed: string): string {
  const text = textWithoutSecrets(typed);
  return /^\S(.*\S)?$/s.test(text) && !/\p{Cc}/u.test(text)
    ? text
    : inspect(text, { breakLength: Infinity });
}

/** Quotes any value of a program for a message, as JSON if possible, and hides its secrets. */
export function visibleValue(value: unknown): string {
  let text: string;
  try {
    text = JSON.stringify(value) ?? 'undefined';
  } catch {
    text = inspect(value, { breakLength: Infinity }); // a BigInt, or a circular structure
  }
  return textWithoutSecrets(text);
}

/** An option with its value, as typed. */
export function optionAsTyped(flag: string, text: Mentions[number]): string {
  return text === true ? flag : `${flag} ${visible(text)}`;
}

/**
 * Reads every mention of an option. A later mention does not make an invalid one valid.
 *
 * @param read checks a text, and gives the reason if it is invalid; an option without a value has
 * the empty text
 * @returns the last value (`undefined` if the option was not given), or one complaint for each
 * invalid mention
 */
export function readMentions<T>(
  flag: string,
  mentions: Mentions,
  read: (text: string) => Checked<T>,
): Checked<T | undefined> {
  const all = mentions.map((text) => ({ text, checked: read(text === true ? '' : text) }));
  const complaints = all.flatMap(({ text, checked }) =>
    complaintsOf(checked).map((reason) => `${optionAsTyped(flag, text)}: ${reason}`),
  );
  if (complaints.length > 0) return refused(...complaints);
  const last = all.at(-1)?.checked;
  return last ?? accepted(undefined);
}

/**
 * The name that was probably meant: it differs only in its ending, or else by a few typing errors.
 */
export function nearest(text: string, names: readonly string[]): string | undefined {
  const typed = text.toLowerCase();
  const sameBeginning = names.find(
    (name) => typed.startsWith(name) || (typed.length > 1 && name.startsWith(typed)),
  );
  if (sameBeginning !== undefined) return sameBeginning;
  const [best] = names
    .map((name) => ({ name, errors: typingErrors(typed, name) }))
    .filter(({ name, errors }) => errors <= Math.max(1, Math.round(name.length / 3)))
    .toSorted((a, b) => a.errors - b.errors);
  return best?.name;
}

/**
 * Why there is no such key or setting, with the one that was probably meant, also if only its
 * capitals differ.
 *
 * @param what `key` or `setting`
 */
export function whyUnknown(what: string, typed: string, names: readonly string[]): string {
  const meant = nearest(
    typed,
    names.map((name) => name.toLowerCase()),
  );
  const name = names.find((each) => each.toLowerCase() === meant);
  return `unknown ${what}; ${name === undefined ? `choose from ${names.join(', ')}` : `did you mean ${name}?`}`;
}

/** The number of letters to add, omit, replace or swap (the optimal string alignment distance). */
function typingErrors(typed: string, name: string): number {
  const rows = [Array.from({ length: name.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= typed.length; row++) {
    const errors = [row];
    for (let column = 1; column <= name.length; column++) {
      const replaced = typed[row - 1] === name[column - 1] ? 0 : 1;
      const swapped = typed[row - 1] === name[column - 2] && typed[row - 2] === name[column - 1];
      errors[column] = Math.min(
        rows[row - 1]![column]! + 1,
        errors[column - 1]! + 1,
        rows[row - 1]![column - 1]! + replaced,
        swapped ? rows[row - 2]![column - 2]! + 1 : Infinity,
      );
    }
    rows.push(errors);
  }
  return rows.at(-1)!.at(-1)!;
}
