/**
 * Templates in a request: `{{i}}` is the number of the stream, and `{{name}}` is a column of its
 * row. Stream i has row i, and the rows repeat. `{{{{` is a literal `{{`. Pure.
 */

export type Row = Readonly<Record<string, string>>;

/** The text of one stream. */
export type Fill = (stream: number) => string;

/** How a value is written at its place. */
export type Encode = (value: string) => string;

/** A fixed text, or a template with the way to write its value. */
type Part = string | { name: string; written: string; encode: Encode };

/** A template with its name, or escaped braces. */
const template = /\{\{\{\{|\{\{\s*([^{}]+?)\s*\}\}/g;
const braces = '{{';

/** The name of the number of the stream. It overrides a column of the same name. */
export const numberName = 'i';

/** The names in these texts, each once. */
export const namesIn = (...texts: readonly string[]): string[] => [
  ...new Set(
    texts.flatMap((text) => [...text.matchAll(template)].flatMap(([, name]) => name ?? [])),
  ),
];

/** Whether a text has `{{` outside of its templates, which is probably a typing error. */
export const isUnclosed = (text: string): boolean => text.replaceAll(template, '').includes(braces);

export const asWritten: Encode = (value) => value;
/** Also for the values of a form. */
export const inUrl: Encode = (value) => encodeURIComponent(value.toWellFormed());
const inJsonString: Encode = (value) => JSON.stringify(value).slice(1, -1);

/** @returns the value of a name for a stream; `undefined` if there is none */
export function valueOf(name: string, stream: number, rows: readonly Row[]): string | undefined {
  if (name === numberName) return String(stream);
  const row = rows[stream % rows.length];
  return row && Object.hasOwn(row, name) ? row[name] : undefined;
}

/** @param encode the way to write a value, given the text before it */
function partsOf(text: string, encodeAfter: (before: string) => Encode): Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const match of text.matchAll(template)) {
    const before = text.slice(end, match.index);
    end = match.index + match[0].length;
    const [written, name] = match;
    const encode = encodeAfter(before);
    parts.push(before, name === undefined ? braces : { name, written, encode });
  }
  return [...parts, text.slice(end)];
}

/** A name without a value stays as it is written. It is refused before anything starts. */
function filling(parts: readonly Part[], rows: readonly Row[]): Fill {
  if (parts.length === 1) return () => parts[0] as string;
  const textOf = (part: Part, stream: number) => {
    if (typeof part === 'string') return part;
    const value = valueOf(part.name, stream, rows);
    return value === undefined ? part.written : part.encode(value);
  };
  return (stream) => parts.map((part) => textOf(part, stream)).join('');
}

/** Prepares a text, so that each stream only joins its parts. */
export const compile = (text: string, rows: readonly Row[], encode: Encode): Fill =>
  filling(
    partsOf(text, () => encode),
    rows,
  );

/**
 * Prepares a JSON text. Within a string, a value is escaped as JSON. Elsewhere it is written
 * unchanged, so that it can be a number, `true` or an object.
 */
export function compileJson(text: string, rows: readonly Row[]): Fill {
  let isInString = false;
  return filling(
    partsOf(text, (before) => {
      for (const [quote] of before.matchAll(/\\[^]|"/g))
        if (quote === '"') isInString = !isInString;
      return isInString ? inJsonString : asWritten;
    }),
    rows,
  );
}

/** The format of a body, which determines how values are written in it. */
export type BodyFormat = 'json' | 'form' | 'text';

/** @returns the format by `Content-Type`; without one, JSON if the text is JSON */
export function bodyFormat(body: string, contentType: string | undefined): BodyFormat {
  if (contentType === undefined)
    return isJson(body.replaceAll(template, (_, name) => (name ? '0' : braces))) ? 'json' : 'text';
  if (/[/+]json\b/i.test(contentType)) return 'json';
  return /\/x-www-form-urlencoded\b/i.test(contentType) ? 'form' : 'text';
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
