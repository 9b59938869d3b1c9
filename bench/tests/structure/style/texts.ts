/** Collects what a person reads in a file: comments, prose in strings, test names, Markdown. */
import { isProse } from './sentences.ts';
import { tokensOf, type Token } from './tokens.ts';

export type TextKind =
  | 'comment'
  | 'docstring'
  | 'string'
  | 'test name'
  | 'paragraph'
  | 'heading'
  | 'table cell'
  | 'description';

/** A paragraph, or a part of text that stands alone, such as a heading or a message. */
export interface Text {
  kind: TextKind;
  file: string;
  /** Line on which the text begins, counted from 1. */
  line: number;
  text: string;
}

/** A word of code: an identifier, or a string of one word, such as a key. */
export interface Word {
  file: string;
  line: number;
  word: string;
}

export interface Reading {
  texts: Text[];
  words: Word[];
}

interface Line {
  line: number;
  text: string;
}

/** @returns a function from an offset, never smaller than the one before, to its line */
function lineCounter(source: string): (at: number) => number {
  let line = 1;
  let from = 0;
  return (at) => {
    for (let next = from; (next = source.indexOf('\n', next)) >= 0 && next < at; from = ++next)
      line++;
    return line;
  };
}

const startsParagraph = /^\s*(?:[-*+]|\d+\.|@\w+)\s/;
const marks = /^\s*(?:[-*+]\s|\d+\.\s)?\s*/;

/** Joins lines to paragraphs; list items and JSDoc tags are paragraphs. */
function paragraphs(file: string, kind: TextKind, lines: readonly Line[]): Text[] {
  const texts: Text[] = [];
  let isNew = true;
  for (const { line, text } of lines) {
    if (text.trim() === '') isNew = true;
    else if (isNew || startsParagraph.test(text)) {
      texts.push({ kind, file, line, text: text.replace(marks, '') });
      isNew = false;
    } else texts.at(-1)!.text += `\n${text.trim()}`;
  }
  return texts;
}

const isDirective = /^\s*(?:oxlint|eslint|@ts-|@type\b|@vitest|v8 |c8 |sourceMappingURL)/;

/** Comments, as lines. Line comments on neighbouring lines are one comment. */
function commentTexts(file: string, comments: readonly { line: number; text: string }[]): Text[] {
  const blocks: { kind: TextKind; lines: Line[] }[] = [];
  for (const { line, text } of comments) {
    if (text.startsWith('#!')) continue;
    const kind = text.startsWith('/**') ? 'docstring' : 'comment';
    const isBlock = text.startsWith('/*');
    const lines = text
      .replace(/^(?:\/\*+|\/\/+|#+)/, '')
      .replace(isBlock ? /\*\/$/ : /$^/, '')
      .split('\n')
      .map((each, index) => ({
        line: line + index,
        text: isBlock ? each.replace(/^\s*\* ?/, '') : each,
      }))
      .filter((each) => !isDirective.test(each.text));
    const last = blocks.at(-1);
    if (!isBlock && last?.kind === 'comment' && last.lines.at(-1)?.line === line - 1)
      last.lines.push(...lines);
    else blocks.push({ kind, lines });
  }
  return blocks.flatMap(({ kind, lines }) => paragraphs(file, kind, lines));
}

const testFunctions = /^(?:test|describe|it|bench|skip|only|concurrent|sequential|todo|fails)$/;

/** Whether the string after these tokens is the name of a test. */
const isTestName = (list: readonly Token[], at: number): boolean =>
  list[at - 1]?.text === '(' &&
  (list[at - 2]?.text === ')'
    ? list[at + 1]?.text === ','
    : testFunctions.test(list[at - 2]?.text ?? ''));

const isOnTop = (list: readonly Token[], at: number) => list[at]?.kind === 'string';

/** @returns the string at this place, with all that is added to it, and the number of tokens */
function wholeString(list: readonly Token[], at: number): { text: string; length: number } {
  let { text } = list[at]!;
  let next = at + 1;
  for (; list[next]?.text === '+' && isOnTop(list, next + 1); next += 2)
    text += list[next + 1]!.text;
  return { text, length: next - at };
}

/** Ends of blocks of HTML, line breaks, and borders of the cells of a table. */
const breaks =
  /\n|<\/?(?:p|h[1-6]|t[dhr]|li|ul|section|summary|div|pre|figcaption|label|button|title)\b[^>]*>| \| /;

function stringTexts(file: string, kind: TextKind, line: number, text: string): Text[] {
  return text
    .split(breaks)
    .filter((part) => (kind === 'test name' ? part.trim() !== '' : isProse(part)))
    .map((part) => ({ kind, file, line, text: part.replace(marks, '') }));
}

/** @param file path from the root, ending in `.ts`, `.js`, `.cjs` or `.mjs` */
export function readCode(file: string, source: string): Reading {
  const reading: Reading = { texts: [], words: [] };
  const comments: { line: number; text: string }[] = [];
  for (const list of tokensOf(source)) {
    const lineOf = lineCounter(source);
    for (let index = 0; index < list.length; index++) {
      const { kind, text, at } = list[index]!;
      if (kind === 'sign') continue;
      const line = lineOf(at);
      if (kind === 'comment') comments.push({ line, text });
      else if (kind === 'word') reading.words.push({ file, line, word: text });
      else {
        const isName = isTestName(list, index);
        const whole = wholeString(list, index);
        index += whole.length - 1;
        reading.texts.push(...stringTexts(file, isName ? 'test name' : 'string', line, whole.text));
        if (/^[\w-]+$/.test(whole.text)) reading.words.push({ file, line, word: whole.text });
      }
    }
  }
  reading.texts.push(...commentTexts(file, comments));
  return reading;
}

/** Comments, and prose between quotes. */
export function readShell(file: string, source: string): Reading {
  const lines = source.split('\n').map((text, index) => ({ line: index + 1, text }));
  const comments = lines.flatMap(({ line, text }) => {
    const comment = /(?:^|\s)(#(?!!).*)$/.exec(text);
    return comment ? [{ line, text: comment[1]! }] : [];
  });
  const strings = lines.flatMap(({ line, text }) =>
    [...text.matchAll(/"([^"]*)"|'([^']*)'/g)].flatMap(([, double, single]) =>
      stringTexts(file, 'string', line, (double ?? single)!.replaceAll(/\$\{?\w+\}?/g, '${…}')),
    ),
  );
  return { texts: [...commentTexts(file, comments), ...strings], words: [] };
}

/** Paragraphs, headings and cells of tables. Code and comments do not count. */
export function readMarkdown(file: string, source: string): Reading {
  const lines = source
    .replaceAll(/^( *)```.*?^\1```|<!--.*?-->/gms, (code) => code.replaceAll(/[^\n]/g, ''))
    .split('\n')
    .map((text, index) => ({ line: index + 1, text: text.replace(/^\s*>\s?/, '') }));
  const isTable = ({ text }: Line) => text.startsWith('|');
  const isHeading = ({ text }: Line) => /^#+ /.test(text);
  const cells = lines.filter(isTable).flatMap(({ line, text }) =>
    text
      .split(/(?<!\\)\||<br>/)
      .filter((cell) => /[\p{L}]/u.test(cell))
      .map((cell): Text => ({ kind: 'table cell', file, line, text: cell.trim() })),
  );
  const headings = lines
    .filter(isHeading)
    .map(({ line, text }): Text => ({
      kind: 'heading',
      file,
      line,
      text: text.replace(/^#+ /, ''),
    }));
  const rest = lines.map((line) =>
    isTable(line) || isHeading(line) ? { line: line.line, text: '' } : line,
  );
  return { texts: [...paragraphs(file, 'paragraph', rest), ...cells, ...headings], words: [] };
}

/** The descriptions in a JSON file. */
export function readJson(file: string, source: string): Reading {
  const texts = source.split('\n').flatMap((line, index): Text[] => {
    const text = /^\s*"description": (".*"),?$/.exec(line)?.[1];
    return text === undefined
      ? []
      : [{ kind: 'description', file, line: index + 1, text: String(JSON.parse(text)) }];
  });
  return { texts, words: [] };
}
