/** What complaints have in common: how they name what was typed, and how they guess what was meant. */
import { inspect } from 'node:util';
import { textWithoutSecrets } from './secrets.ts';

/** What stood behind an option each time that it was named, `true` where nothing did. The last one counts. */
export type Mentions = readonly (string | true)[];

/** Takes one complaint: the option, the value and the way out. */
export type Complain = (complaint: string) => void;

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
