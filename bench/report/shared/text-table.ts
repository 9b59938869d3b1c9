/** Plain-text tables for the terminal. */
import { terminalText } from './escape.ts';

export interface Column {
  /** The title, one text for each line. */
  title: readonly string[];
  cells: readonly string[];
}

const between = '   ';

/**
 * Lays a table out, with names on the left and figures flush right. Columns that do not fit the
 * width continue in another block below, with the same names.
 *
 * @param width characters per line; `Infinity` for a single block
 * @returns the lines; those of titles are separate, so that they can be styled
 */
export function layOut(
  ownNames: Column,
  ownColumns: readonly Column[],
  width: number,
): { title: boolean; text: string }[] {
  const [names, columns] = [safe(ownNames), ownColumns.map(safe)];
  const lines: { title: boolean; text: string }[] = [];
  for (let first = 0; first < columns.length;) {
    const count = fitting(names, columns.slice(first), width);
    if (first > 0) lines.push({ title: false, text: '' });
    lines.push(...block(names, columns.slice(first, first + count)));
    first += count;
  }
  return lines;
}

/** Whether all columns fit beside each other. */
export const fits = (names: Column, columns: readonly Column[], width: number): boolean =>
  fitting(safe(names), columns.map(safe), width) === columns.length;

const safe = ({ title, cells }: Column): Column => ({
  title: title.map(terminalText),
  cells: cells.map(terminalText),
});

const widthOf = ({ title, cells }: Column) =>
  Math.max(...[...title, ...cells].map((text) => text.length));

function fitting(names: Column, columns: readonly Column[], width: number): number {
  let used = widthOf(names);
  const tooFar = columns.findIndex((column) => (used += between.length + widthOf(column)) > width);
  return tooFar === -1 ? columns.length : Math.max(1, tooFar);
}

function block(names: Column, columns: readonly Column[]) {
  const titleLines = Math.max(...[names, ...columns].map(({ title }) => title.length));
  const line = (pick: (column: Column) => string | undefined) =>
    [
      (pick(names) ?? '').padEnd(widthOf(names)),
      ...columns.map((column) => (pick(column) ?? '').padStart(widthOf(column))),
    ]
      .join(between)
      .trimEnd();
  return [
    ...Array.from({ length: titleLines }, (_, row) => ({
      title: true,
      text: line(({ title }) => title[row]),
    })).filter(({ text }) => text !== ''),
    ...names.cells.map((_, row) => ({ title: false, text: line(({ cells }) => cells[row]) })),
  ];
}
