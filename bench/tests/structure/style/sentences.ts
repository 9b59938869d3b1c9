/** Sentences of a text. Code, addresses and marks of Markdown and HTML are masked first. */

/** `text` is what the author wrote, `masked` is what the rules see. */
export interface Sentence {
  text: string;
  masked: string;
  /** Number of words; a piece of code counts as one. */
  words: number;
  /** Lines between the beginning of the text and of the sentence. */
  lineOffset: number;
  /** Whether it ends with a full stop, and so is no label. */
  isComplete: boolean;
}

const sameLength = (sign: string) => (text: string) => text.replaceAll(/[^\n]/g, sign);

/** The masked text has the length of the text, so places in one are places in the other. */
const mask = (text: string): string =>
  text
    .replaceAll(/\$\{…\}|(`+)[^`]+?\1|https?:\/\/[^\s)]+/g, sameLength('·'))
    .replaceAll(/\]\([^)]*\)|<\/?[a-zA-Z][^<>]*>/g, sameLength(' '))
    .replaceAll(/[[\]*]/g, ' ');

const sentenceEnd = /(?<!\b(?:e\.g|i\.e|vs|etc|cf|approx|incl))[.!?]["'”’)]*(?=\s)|:\s*$/g;
const hasWord = /[\p{L}\p{N}·]/u;
const wordsIn = (text: string): number =>
  text.split(/\s+/).filter((each) => hasWord.test(each)).length;
const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

/** @param text one paragraph */
export function sentencesOf(text: string): Sentence[] {
  const masked = mask(text);
  const ends = [...masked.matchAll(sentenceEnd)].map(({ 0: end, index }) => index + end.length);
  return [0, ...ends].flatMap((start, index) => {
    const part = masked.slice(start, ends[index]);
    const words = wordsIn(part);
    if (words === 0) return [];
    const begin = start + /^\s*/.exec(part)![0].length;
    return {
      text: oneLine(text.slice(start, ends[index])),
      masked: oneLine(part),
      words,
      lineOffset: text.slice(0, begin).split('\n').length - 1,
      isComplete: /[.!][^\p{L}]*$/u.test(part),
    };
  });
}

const wordOfProse = /^["'“‘(]*[\p{L}][\p{L}’'-]*[.,:;!?…)"”’]*$/u;
const code = /=>|[{;]\s*$|^\s*\}|\bconst \w+ =|\bimport \w+ from|\bawait \w+\(|\w\(\)|===|&&/m;

/**
 * Decides by shape whether a string is prose: at least two words with a space between them, and
 * words are most of it. So CSS, addresses, code and expressions are not.
 */
export function isProse(text: string): boolean {
  if (!text.includes(' ')) return false;
  const masked = mask(text);
  if (code.test(masked)) return false;
  const parts = masked.split(/\s+/).filter((part) => hasWord.test(part) && !part.includes('·'));
  const words = parts.filter((part) => wordOfProse.test(part));
  return words.length >= 2 && words.length >= 0.7 * parts.length;
}
