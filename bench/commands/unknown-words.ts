/** Words that the parser does not know: separates them from names, and says what was meant. */
import type { Option } from 'commander';
import { catalog } from '../../servers/catalog.ts';
import { wordWithoutSecrets } from '../scenario/command-secrets.ts';
import { nearest, visible } from '../scenario/complaint.ts';
import { hidden, urlWithoutSecrets } from '../scenario/secrets.ts';

/**
 * @param words arguments that the parser did not accept as options: names, and anything that begins
 * with a dash
 */
export function sortWords(
  words: readonly string[],
  options: readonly Option[],
): { names: string[]; complaints: string[] } {
  const names: string[] = [];
  const unknown: string[] = [];
  for (const [index, word] of words.entries()) {
    if (word.startsWith('-')) unknown.push(word);
    // A word after an unknown option may be its value.
    else if (!/^--?[a-z][^=]*$/i.test(words[index - 1] ?? '')) names.push(word);
  }
  return {
    names,
    complaints: unknown.map(
      (text) => `${visible(withoutValue(text))}: ${whyNoOption(text, options)}`,
    ),
  };
}

/**
 * Removes the value, because the value of an unknown option may be a secret, such as that of
 * `--api-key`. This includes a value directly after a letter, as in `-pVALUE`.
 */
function withoutValue(text: string): string {
  if (/^-\.?\d[\d.]*\w{0,2}$/.test(text)) return text;
  return /^--[a-z][\w-]*(?==|$)|^-[a-z][a-z-]*(?==|$)|^-+$/i.exec(text)?.[0] ?? `-${hidden}`;
}

function whyNoOption(text: string, options: readonly Option[]): string {
  if (/^-\.?\d/.test(text)) return 'is not an option, and no value is negative; leave it out';
  const flag = text.split(/[= ]/)[0]!;
  const option = options.find(({ long, short }) => long === flag || short === flag);
  if (option?.isBoolean() && text.includes('=')) return `takes no value; write ${flag} alone`;
  if (option) return 'is after --, so it is not an option; leave the -- out';
  const meant = nearest(
    flag.replace(/^-+/, ''),
    options.map(({ long }) => long!.slice(2)),
  );
  return `no such option; ${meant === undefined ? 'see --help' : `did you mean --${meant}?`}`;
}

/** @returns a complaint about a word where the name of a command is expected */
export function whyNoCommand(word: string, names: readonly string[]): string {
  const isServer = Object.hasOwn(catalog, word) || URL.canParse(word);
  const shown = word.startsWith('-') ? withoutValue(word) : wordWithoutSecrets(word, isServer);
  const choice = `${names.slice(0, -1).join(', ')} or ${names.at(-1)}, or see --help`;
  if (word.startsWith('-'))
    return `${visible(shown)}: no such option before a command; begin with ${choice}`;
  const meant = isServer ? `run ${visible(urlWithoutSecrets(word))}` : nearest(word, names);
  return `${visible(shown)}: no such command; ${meant === undefined ? `choose ${choice}` : `did you mean ${meant}?`}`;
}
