/** Cuts a text into sentences, and decides whether a string is prose. */

export interface Sentence {
  /** As its author wrote it, on one line. */
  text: string;
  /** The same without marks of Markdown and HTML. A piece of code or an address is a word of `·`. */
  masked: string;
  words: number;
  /** Number of lines of the text before the sentence. */
  lineOffset: number;
}

const sameLength = (sign: string) => (text: string) => text.replaceAll(/[^\n]/g, sign);

/** The result is as long as the text, so that places in one are places in the other. */
const mask = (text: string): string =>
  text
    .replaceAll(/\$\{…\}|(`+)[^`]+?\1|https?:\/\/[^\s)]+/g, sameLength('·'))
    .replaceAll(/\]\([^)]*\)|<\/?[a-zA-Z][^<>]*>/g, sameLength(' '))
    .replaceAll(/[[\]*]/g, ' ');

const sentenceEnd = /(?<!\b(?:e\.g|i\.e|vs|etc|cf|approx|incl))[.!?]["'”’)]*(?=\s)|:\s*$/g;
const hasWord = /[\p{L}\p{N}·]/u;
const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

/** @param text one paragraph */
export function sentencesOf(text: string): Sentence[] {
  const masked = mask(text);
  const ends = [...masked.matchAll(sentenceEnd)].map(({ 0: end, index }) => index + end.length);
  return [0, ...ends].flatMap((start, index) => {
    const part = oneLine(masked.slice(start, ends[index]));
    const words = part.split(' ').filter((word) => hasWord.test(word)).length;
    if (words === 0) return [];
    const original = text.slice(start, ends[index]);
    const before = text.slice(0, start) + /^\s*/.exec(original)![0];
    return {
      text: oneLine(original),
      masked: part,
      words,
      lineOffset: before.split('\n').length - 1,
    };
  });
}

/** @returns the words of a name: `look into` for `lookInto`, `look-into` and `look_into` */
export const wordsOf = (name: string): string =>
  name.replaceAll(/(?<=[a-z\d])(?=[A-Z])|[-_./]/g, ' ').toLowerCase();

const wordOfProse = /^["'“‘(]*\p{L}[\p{L}’'-]*[.,:;!?…)"”’]*$/u;
const code = /=>|[{;]\s*$|^\s*\}|\bconst \w+ =|\bimport \w+ from|\bawait \w+\(|\w\(\)|===|&&/;

/**
 * Decides by shape: prose has at least two words with spaces between them, and consists mostly of
 * words. So CSS, addresses, code and expressions are not prose.
 */
export function isProse(text: string): boolean {
  if (!text.includes(' ')) return false;
  const masked = mask(text);
  if (code.test(masked)) return false;
  const parts = masked.split(/\s+/).filter((part) => hasWord.test(part) && !part.includes('·'));
  const words = parts.filter((part) => wordOfProse.test(part));
  return words.length >= 2 && words.length >= 0.7 * parts.length;
}
