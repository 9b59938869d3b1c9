/** Applies the rules of style to what a file says. */
import { sentencesOf, type Sentence } from './sentences.ts';
import { longest, rules, type Rule } from './rules.ts';
import { readCode, readJson, readMarkdown, readShell, type Reading, type Text } from './texts.ts';

export interface Violation {
  file: string;
  line: number;
  /** What the rule found, such as the sentence. */
  text: string;
  /** What to do. */
  advice: string;
}

/** @param path from the root, with `/` */
export function read(path: string, source: string): Reading {
  if (path.endsWith('.md')) return readMarkdown(path, source);
  if (path.endsWith('.json')) return readJson(path, source);
  if (/\.[cm]?[jt]s$/.test(path)) return readCode(path, source);
  return readShell(path, source);
}

const flags = 'iu';
const rulesFor = (where: Rule['where'][number]) => {
  const some = rules
    .filter((rule) => rule.where.includes(where))
    .map((rule) => ({ ...rule, pattern: new RegExp(rule.pattern.source, flags) }));
  const any = new RegExp(some.map(({ pattern }) => pattern.source).join('|'), flags);
  return (text: string): Rule[] =>
    any.test(text) ? some.filter(({ pattern }) => pattern.test(text)) : [];
};
const [ofProse, ofIdentifiers, ofFileNames] = [
  rulesFor('prose'),
  rulesFor('identifiers'),
  rulesFor('file names'),
];

const instead = ({ not, write }: Rule): string => `“${not}” → ${write}`;
const numberOf = (count: number) => String(Math.round(count * 10) / 10);

function inSentence(text: Text, sentence: Sentence): Violation[] {
  const at = { file: text.file, line: text.line + sentence.lineOffset, text: sentence.text };
  return [
    ...ofProse(sentence.masked).map((rule) => ({ ...at, advice: instead(rule) })),
    ...(sentence.words > longest.sentence
      ? [{ ...at, advice: `${sentence.words} words → at most ${longest.sentence} a sentence` }]
      : []),
  ];
}

function inText(text: Text): Violation[] {
  const sentences = sentencesOf(text.text);
  const words = sentences.reduce((sum, sentence) => sum + sentence.words, 0);
  return [
    ...sentences.flatMap((sentence) => inSentence(text, sentence)),
    ...(words > longest.paragraph
      ? [
          {
            file: text.file,
            line: text.line,
            text: sentences[0]!.text,
            advice: `${words} words → at most ${longest.paragraph} a paragraph`,
          },
        ]
      : []),
  ];
}

/** @returns the mean number of words of the sentences of a page; tables and headings do not count */
export function meanLength(texts: readonly Text[]): number {
  const sentences = texts
    .filter(({ kind }) => kind === 'paragraph')
    .flatMap(({ text }) => sentencesOf(text));
  return sentences.reduce((sum, { words }) => sum + words, 0) / Math.max(1, sentences.length);
}

/** The words of a name: `lookInto` and `look-into` have two. */
const wordsOf = (name: string): string =>
  name.replaceAll(/(?<=[a-z\d])(?=[A-Z])|[-_./]/g, ' ').toLowerCase();

/** @returns the violations in a file, including its name */
export function violationsIn(path: string, source: string): Violation[] {
  const { texts, words } = read(path, source);
  const mean = meanLength(texts);
  const seen = new Set<string>();
  return [
    ...ofFileNames(wordsOf(path)).map((rule) => ({
      file: path,
      line: 1,
      text: 'the name of the file',
      advice: instead(rule),
    })),
    ...texts.flatMap(inText),
    ...words.flatMap(({ file, line, word }) => {
      if (seen.has(word)) return [];
      seen.add(word);
      return ofIdentifiers(wordsOf(word)).map((rule) => ({
        file,
        line,
        text: word,
        advice: instead(rule),
      }));
    }),
    ...(path.endsWith('.md') && mean > longest.meanOfPage
      ? [
          {
            file: path,
            line: 1,
            text: 'the whole page',
            advice: `${numberOf(mean)} words a sentence → at most ${longest.meanOfPage} on average`,
          },
        ]
      : []),
  ];
}

/** `file:line: text → advice`, as an editor or a terminal links it. */
export const lineOf = ({ file, line, text, advice }: Violation): string =>
  `${file}:${line}: ${text}\n    ${advice}`;
