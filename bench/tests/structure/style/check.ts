/** Applies the rules to everything that a person reads in a file. */
import { readCode, readShell } from './code.ts';
import { readJson, readMarkdown } from './pages.ts';
import { longest, rules, type Rule } from './rules.ts';
import { sentencesOf, wordsOf, type Sentence } from './sentences.ts';
import type { Reading, Text } from './texts.ts';

export interface Violation {
  file: string;
  line: number;
  /** The sentence or the name that breaks the rule. */
  text: string;
  /** The forbidden words and the better ones. */
  advice: string;
}

/** @returns a function from a text to the rules that it breaks */
function rulesFor(where: Rule['where'][number]): (text: string) => readonly Rule[] {
  const own = rules
    .filter((rule) => rule.where.includes(where))
    .map((rule) => ({ ...rule, pattern: new RegExp(rule.pattern, 'i') }));
  // Most texts break no rule. One search with all patterns together is enough for these.
  const any = new RegExp(own.map(({ pattern }) => pattern.source).join('|'), 'i');
  return (text) => (any.test(text) ? own.filter(({ pattern }) => pattern.test(text)) : []);
}
const inProse = rulesFor('prose');
const inIdentifiers = rulesFor('identifiers');
const inFileNames = rulesFor('file names');

const adviceOf = ({ not, write }: Rule): string => `“${not}” → ${write}`;

function tooLong(words: number, most: number, of: string): string[] {
  return words > most ? [`${Math.round(10 * words) / 10} words → at most ${most} ${of}`] : [];
}

const inSentence = (
  { file, line }: Text,
  { text, masked, words, lineOffset }: Sentence,
): Violation[] =>
  [...inProse(masked).map(adviceOf), ...tooLong(words, longest.sentence, 'in a sentence')].map(
    (advice) => ({ file, line: line + lineOffset, text, advice }),
  );

function inText(text: Text): Violation[] {
  const sentences = sentencesOf(text.text);
  const words = sentences.reduce((sum, sentence) => sum + sentence.words, 0);
  const { file, line } = text;
  return [
    ...sentences.flatMap((sentence) => inSentence(text, sentence)),
    ...tooLong(words, longest.paragraph, 'in a paragraph').map((advice) => ({
      file,
      line,
      text: sentences[0]!.text,
      advice,
    })),
  ];
}

/** Reports each name once for a file, at its first place. */
function inNames(file: string, names: Reading['names']): Violation[] {
  const first = new Map(names.toReversed().map(({ line, name }) => [name, line]));
  return [...first].flatMap(([name, line]) =>
    inIdentifiers(wordsOf(name)).map((rule) => ({
      file,
      line,
      text: name,
      advice: adviceOf(rule),
    })),
  );
}

function inPage(file: string, texts: readonly Text[]): Violation[] {
  const lengths = texts
    .filter(({ kind }) => kind === 'paragraph')
    .flatMap(({ text }) => sentencesOf(text).map(({ words }) => words));
  const mean = lengths.reduce((sum, words) => sum + words, 0) / Math.max(1, lengths.length);
  return tooLong(mean, longest.meanOfPage, 'in a sentence on average').map((advice) => ({
    file,
    line: 1,
    text: 'the page',
    advice,
  }));
}

function read(file: string, source: string): Reading {
  if (file.endsWith('.md')) return readMarkdown(file, source);
  if (file.endsWith('.json')) return readJson(file, source);
  return /\.[cm]?[jt]s$/.test(file) ? readCode(file, source) : readShell(file, source);
}

/** @param file path from the root, with `/` */
export function violationsIn(file: string, source: string): Violation[] {
  const { texts, names } = read(file, source);
  return [
    ...inFileNames(wordsOf(file)).map((rule) => ({
      file,
      line: 1,
      text: 'the name of the file',
      advice: adviceOf(rule),
    })),
    ...texts.flatMap(inText),
    ...inNames(file, names),
    ...inPage(file, texts),
  ];
}

/** With the place in a form that terminals and editors link. */
export const lineOf = ({ file, line, text, advice }: Violation): string =>
  `${file}:${line}: ${text}\n    ${advice}`;
