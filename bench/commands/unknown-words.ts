/** Tells names from what only looks like an option. */
import type { Option } from 'commander';
import { nearest, visible } from '../scenario/complaint.ts';
import { hidden } from '../scenario/secrets.ts';

/** @param words what the parser could not read as an option: names, and whatever begins with a dash */
export function sortWords(
  words: readonly string[],
  options: readonly Option[],
): { names: string[]; complaints: string[] } {
  const names: string[] = [];
  const unknown: string[] = [];
  for (const [index, word] of words.entries()) {
    if (word.startsWith('-')) unknown.push(word);
    else if (!/^--?[a-z][^=]*$/i.test(words[index - 1] ?? '')) names.push(word); // or else maybe the value of that option
  }
  return {
    names,
    complaints: unknown.map(
      (text) => `${visible(withoutValue(text))}: ${whyNoOption(text, options)}`,
    ),
  };
}

/** The value of an option that there is not may be a secret, such as that of `--api-key`; also behind a letter, as in `-pVALUE`. */
export function withoutValue(text: string): string {
  if (/^-\.?\d[\d.]*\w{0,2}$/.test(text)) return text;
  return /^--[a-z][\w-]*(?==|$)|^-[a-z][a-z-]*(?==|$)|^-+$/i.exec(text)?.[0] ?? `-${hidden}`;
}

function whyNoOption(text: string, options: readonly Option[]): string {
  if (/^-\.?\d/.test(text)) return 'begins with a dash and is no option; no value here is negative';
  const flag = text.split(/[= ]/)[0]!;
  const option = options.find(({ long }) => long === flag);
  if (option?.isBoolean() && text.includes('=')) return `takes no value; write ${flag} alone`;
  if (option) return 'stands behind --, where nothing is an option; leave the -- out';
  const meant = nearest(
    flag.replace(/^-+/, ''),
    options.map(({ long }) => long!.slice(2)),
  );
  return `no such option; ${meant === undefined ? 'see --help' : `did you mean --${meant}?`}`;
}
