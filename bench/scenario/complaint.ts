/** A value or complaints; and how complaints name what was typed, and guess what was meant. */
import { inspect } from 'node:util';
import { textWithoutSecrets } from './secrets.ts';

/** What stood behind an option each time that it was named, `true` where nothing did. The last one counts. */
export type Mentions = readonly (string | true)[];

/** Takes one complaint: the option, the value and the way out. */
export type Complain = (complaint: string) => void;

/** What a person gave, as a value; or everything that is wrong with it. */
export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly complaints: readonly string[] };

export const accepted = <T>(value: T): Checked<T> => ({ ok: true, value });

export const refused = (...complaints: readonly string[]): Checked<never> => ({
  ok: false,
  complaints,
});

/** Everything that is wrong with any of them. */
export const complaintsOf = (...all: readonly Checked<unknown>[]): string[] =>
  all.flatMap((checked) => (checked.ok ? [] : checked.complaints));

/**
 * @param about what the complaints are about, to stand before each
 * @throws with all complaints, each on a line of its own
 */
export function valueOf<T>(checked: Checked<T>, about?: string): T {
  if (checked.ok) return checked.value;
  const prefix = about === undefined ? '' : `${about}: `;
  throw new Error(checked.complaints.map((complaint) => prefix + complaint).join('\n'));
}

/** Typed text for a message, without secrets: in quotes if it is empty, or has blanks around it or control characters in it. */
export function visible(typed: string): string {
  const text = textWithoutSecrets(typed);
  return /^\S(.*\S)?$/s.test(text) && !/\p{Cc}/u.test(text)
    ? text
    : inspect(text, { breakLength: Infinity });
}

/** An option with its value, as it was typed. */
export function optionAsTyped(flag: string, text: Mentions[number]): string {
  return text === true ? flag : `${flag} ${visible(text)}`;
}

/**
 * Reads every mention of an option. A bad one is not good for being followed by another.
 *
 * @param read says of a bad text why it is bad; an option without a value has the empty text
 * @returns the last value, `undefined` if the option was not given; or a complaint for each bad mention
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

/** The name that was probably meant: one that differs in its ending alone, or else by a typing error or two. */
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

/** How many letters must be added, left out, replaced or swapped (the optimal string alignment distance). */
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
