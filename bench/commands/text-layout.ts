/** Wraps plain text for a terminal. Pure. */

/** Longer lines are hard to read, and the docs show help too. */
const mostColumns = 100;

/** The width of help, in a terminal of this many columns; `Infinity` if it is no terminal. */
export const widthIn = (columns: number): number => Math.min(mostColumns, columns);

/** A term, and what it means. */
export type Row = readonly [term: string, meaning: string];

const gap = 2;
const margin = 2;
/** The narrowest column of meanings. */
const leastMeaning = 20;

/**
 * Breaks a text between words. A word longer than a line, such as a URL, has a line of its own.
 *
 * @param width of a line, in characters
 * @param indent spaces before each line
 */
export function paragraph(text: string, width: number, indent = 0): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent + line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line += line === '' ? word : ` ${word}`;
  }
  return [...lines, line].map((each) => `${' '.repeat(indent)}${each}`.trimEnd()).join('\n');
}

export interface RowLayout {
  /** Characters of a line. */
  width: number;
  /** A longer term has its meaning on the next line. */
  longestTerm?: number;
  /** The least width of the first column, so that several tables align. */
  leastTerm?: number;
}

/** Rows of two columns. */
export function rows(
  entries: readonly Row[],
  { width, longestTerm = 27, leastTerm = 0 }: RowLayout,
): string {
  const lengths = entries.filter(([, meaning]) => meaning !== '').map(([term]) => term.length);
  const widest = Math.max(leastTerm, ...lengths.filter((length) => length <= longestTerm));
  const indent = margin + widest + gap;
  const meaningWidth = Math.max(indent + leastMeaning, width);
  return entries
    .map(([term, meaning]) => {
      const start = `${' '.repeat(margin)}${term}`;
      if (meaning === '') return start;
      const column = paragraph(meaning, meaningWidth, indent);
      return term.length > widest
        ? `${start}\n${column}`
        : start.padEnd(indent) + column.slice(indent);
    })
    .join('\n');
}

/** A part of the help: paragraphs, then rows. */
export interface Section extends Pick<RowLayout, 'longestTerm' | 'leastTerm'> {
  title: string;
  text?: readonly string[];
  rows?: readonly Row[];
}

export function sectionText(
  { title, text = [], rows: entries = [], ...layout }: Section,
  width: number,
): string {
  return [
    `${title}:`,
    ...text.map((each) => paragraph(each, width, 2)),
    ...(entries.length > 0 ? [rows(entries, { width, ...layout })] : []),
  ].join('\n');
}
