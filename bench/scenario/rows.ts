/**
 * Rows of data for templates, from CSV with a header line (RFC 4180), or from a JSON object in each
 * line. Messages name lines and columns, and never values, which may be secrets. Pure.
 */
import { accepted, refused, type Checked } from './complaint.ts';
import { hidden } from './secrets.ts';
import { numberName, type Row } from './templates.ts';

/** A row as read, with the number of its first line. */
interface Line<Content> {
  line: number;
  content: Content;
}

/** @returns the rows, at least one, all with the columns of the first; or all complaints */
export function readRows(text: string): Checked<Row[]> {
  const plain = text.replace(/^\uFEFF/, '');
  if (/^\s*\[\s*[[{\]]/.test(plain))
    return refused('is a JSON list; write one object in each line, such as {"user":"alice"}');
  return /^\s*\{/.test(plain) ? rowsOfJsonLines(plain) : rowsOfCsv(plain);
}

/** A name, and maybe a number. Without a line of names, a column is a value. */
const likeColumn = /^[A-Za-z_][A-Za-z_.-]{0,23}\d{0,2}$/;

/** A list of columns for messages, without those that may be values. */
export const columnsInWords = (columns: readonly string[]): string =>
  columns.map((column) => (likeColumn.test(column) ? column : hidden)).join(', ');

function rowsOfCsv(text: string): Checked<Row[]> {
  const read = csvLines(text);
  if (!read.ok) return read;
  const [header, ...lines] = read.value;
  const columns = header?.content ?? [];
  const complaints = [
    ...whyNoColumns(columns).map((why) => `line ${header?.line ?? 1}: ${why}`),
    ...(lines.length === 0
      ? ['has no rows after its first line, which names the columns; add one line for each row']
      : []),
    ...lines
      .filter(({ content }) => content.length !== columns.length)
      .map(
        ({ line, content }) =>
          `line ${line}: has ${inNumber(content.length, 'value')} for ${inNumber(columns.length, 'column')}; put values with commas or quotes into "double quotes"`,
      ),
  ];
  if (complaints.length > 0) return refused(...shortened(complaints));
  return accepted(
    lines.map(({ content }) =>
      Object.fromEntries(columns.map((column, place) => [column, content[place]!])),
    ),
  );
}

const inNumber = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;

function whyNoColumns(columns: readonly string[]): string[] {
  const complaints = new Set<string>();
  for (const [place, column] of columns.entries()) {
    if (column === '') complaints.add('a column has no name; name each column');
    else if (column.trim() !== column)
      complaints.add('the name of a column has spaces around it; leave them out');
    else if (column === numberName)
      complaints.add('{{i}} is the number of the stream; give the column i another name');
    else if (columns.indexOf(column) < place)
      complaints.add(`names the column ${columnsInWords([column])} twice; rename one`);
  }
  return [...complaints];
}

/** A field in quotes or without them, and the comma, line break or end after it. */
const csvField = /(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n]*))(,|\r?\n|$)/y;

function csvLines(text: string): Checked<Line<string[]>[]> {
  const lines: Line<string[]>[] = [];
  let content: string[] = [];
  let line = 1;
  let firstLine = 1;
  csvField.lastIndex = 0;
  for (;;) {
    const match = csvField.exec(text);
    if (match === null)
      return refused(
        `line ${line}: a double quote is not closed, or stands within a value; write the value in double quotes, and each double quote in it twice`,
      );
    const [whole, quoted, bare = '', end] = match;
    content.push(quoted?.replaceAll('""', '"') ?? bare);
    line += whole.split('\n').length - 1;
    if (end === ',') continue;
    const isBlank = content.length === 1 && bare === '' && quoted === undefined;
    if (!isBlank) lines.push({ line: firstLine, content });
    if (end === '') return accepted(lines);
    content = [];
    firstLine = line;
  }
}

function rowsOfJsonLines(text: string): Checked<Row[]> {
  const complaints: string[] = [];
  const rows: Row[] = [];
  let columns: string[] | undefined;
  for (const [index, json] of text.split('\n').entries()) {
    if (json.trim() === '') continue;
    const row = rowOfJson(json);
    if (!row.ok) complaints.push(...row.complaints.map((why) => `line ${index + 1}: ${why}`));
    else {
      columns ??= Object.keys(row.value);
      const missing = columns.filter((column) => !Object.hasOwn(row.value, column));
      if (missing.length > 0)
        complaints.push(
          `line ${index + 1}: lacks ${columnsInWords(missing)}; give each line the same names`,
        );
      rows.push(row.value);
    }
  }
  complaints.push(...whyNoColumns(columns ?? []));
  return complaints.length > 0 ? refused(...shortened(complaints)) : accepted(rows);
}

function rowOfJson(json: string): Checked<Row> {
  try {
    return rowOf(JSON.parse(json));
  } catch {
    return refused('is not valid JSON; write one object in each line, such as {"user":"alice"}');
  }
}

/** A row of a program, or of a line of JSON. */
export function rowOf(value: unknown): Checked<Row> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return refused('must be an object, such as {"user":"alice"}');
  const entries = Object.entries(value);
  const bad = entries.filter(([, one]) => !['string', 'number', 'boolean'].includes(typeof one));
  return bad.length > 0
    ? refused(
        `${columnsInWords(bad.map(([column]) => column))}: must be text, a number, true or false`,
      )
    : accepted(Object.fromEntries(entries.map(([column, one]) => [column, String(one)])));
}

/** The most complaints about one file; the others are probably alike. */
const mostComplaints = 3;

export const shortened = (complaints: readonly string[]): string[] =>
  complaints.length <= mostComplaints
    ? [...complaints]
    : [
        ...complaints.slice(0, mostComplaints),
        `and ${complaints.length - mostComplaints} more; correct these first`,
      ];
