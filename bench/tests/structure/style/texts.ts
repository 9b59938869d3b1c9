/** The text that a person reads in a file, cut into paragraphs. */

export interface Text {
  kind:
    | 'comment'
    | 'docstring'
    | 'string'
    | 'test name'
    | 'paragraph'
    | 'heading'
    | 'table cell'
    | 'description';
  file: string;
  /** Line on which the text begins, counted from 1. */
  line: number;
  /** A paragraph, or a text that stands alone, such as a heading or a message. */
  text: string;
}

export interface Reading {
  texts: readonly Text[];
  /** Names: identifiers, and strings of one word, such as keys. */
  names: readonly { line: number; name: string }[];
}

export interface Line {
  line: number;
  text: string;
}

/** An item of a list, or a tag of a docstring. */
const item = /^\s*(?:[-*+]|\d+\.|@\w+)\s/;
const bullet = /^\s*(?:(?:[-*+]|\d+\.)\s+)?/;

export const withoutBullet = (text: string): string => text.replace(bullet, '');

/** @returns one text for each paragraph, each item of a list, and each tag of a docstring */
export function paragraphsOf(
  lines: readonly Line[],
  { kind, file }: Pick<Text, 'kind' | 'file'>,
): Text[] {
  const texts: Text[] = [];
  let isNew = true;
  for (const { line, text } of lines) {
    if (text.trim() === '') isNew = true;
    else if (isNew || item.test(text)) {
      texts.push({ kind, file, line, text: withoutBullet(text) });
      isNew = false;
    } else texts.at(-1)!.text += `\n${text.trim()}`;
  }
  return texts;
}

export const linesOf = (source: string): Line[] =>
  source.split('\n').map((text, index) => ({ line: index + 1, text }));
