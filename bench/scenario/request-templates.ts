/** The templates of a whole request: its names, its texts, and the rows that it cannot send. Pure. */
import type { RequestOptions } from './request-options.ts';
import {
  asWritten,
  bodyFormat,
  compile,
  compileJson,
  inUrl,
  isJson,
  namesIn,
  numberName,
  valueOf,
  type Fill,
  type Row,
} from './templates.ts';

type Templated = Pick<RequestOptions, 'headers' | 'body' | 'rows'>;

/** The names of the templates in a URL, in header values and in a body, each once. */
export const namesInRequest = (url: string, { headers, body }: Templated): string[] =>
  namesIn(url, ...Object.values(headers), body ?? '');

/** The texts of a request, prepared for all streams. */
export interface RequestTexts {
  url: Fill;
  headers: [name: string, value: Fill][];
  body: Fill | null;
}

export const compileRequest = (url: string, { headers, body, rows }: Templated): RequestTexts => ({
  url: compile(url, rows, inUrl),
  headers: Object.entries(headers).map(([name, value]) => [name, compile(value, rows, asWritten)]),
  body: body === null ? null : compileBody(body, headers['content-type'], rows),
});

function compileBody(body: string, contentType: string | undefined, rows: readonly Row[]): Fill {
  const format = bodyFormat(body, contentType);
  if (format === 'json') return compileJson(body, rows);
  return compile(body, rows, format === 'form' ? inUrl : asWritten);
}

/** @returns why a row cannot be sent, without any value of it; `undefined` if it can */
type WhyNot = (row: number) => string | undefined;

/**
 * Finds rows that cannot be sent. Each complaint names the first such row, counted from 1, and says
 * what to do. It contains no value. Unknown names are not among the complaints.
 */
export function whyNoRows(url: string, request: Templated): string[] {
  const columns = new Set(request.rows.flatMap((row) => Object.keys(row)));
  const known = (...texts: string[]) =>
    namesIn(...texts).filter((name) => name !== numberName && columns.has(name));
  const { headers, body } = request;
  const all: WhyNot[] = [
    ...known(url, ...Object.values(headers), body ?? '').map((name) => missing(name, request)),
    ...known(url).map((name) => notIn(name, request, removedByUrl, inUrlWords)),
    ...Object.entries(headers).flatMap(([header, text]) =>
      known(text).map((name) =>
        notIn(
          name,
          request,
          (value) => !headerValue.test(value),
          `cannot be sent in the header ${header}; use Latin letters in one line`,
        ),
      ),
    ),
    ...(body !== null && known(body).length > 0 ? notJson(body, request) : []),
  ];
  return all.flatMap((whyNot) => firstOf(whyNot, request.rows.length));
}

function firstOf(whyNot: WhyNot, rows: number): string[] {
  const failing = Array.from({ length: rows }, (_, row) => row).filter(
    (row) => whyNot(row) !== undefined,
  );
  const [first] = failing;
  if (first === undefined) return [];
  const others = failing.length > 1 ? `, and ${failing.length - 1} more` : '';
  return [`row ${first + 1}${others}: ${whyNot(first)}`];
}

const missing =
  (name: string, { rows }: Templated): WhyNot =>
  (row) =>
    valueOf(name, row, rows) === undefined
      ? `{{${name}}} has no value; add one to this row`
      : undefined;

const removedByUrl = (value: string) => value === '.' || value === '..';
const inUrlWords = 'is “.” or “..”, which a URL removes from its path; use another value';
const headerValue = /^[\t\x20-\x7e\x80-\xff]*$/;

const notIn =
  (name: string, { rows }: Templated, isWrong: (value: string) => boolean, words: string): WhyNot =>
  (row) => {
    const value = valueOf(name, row, rows);
    return value !== undefined && isWrong(value) ? `{{${name}}} ${words}` : undefined;
  };

/** Values outside of JSON strings can make a body invalid. */
function notJson(body: string, { headers, rows }: Templated): WhyNot[] {
  if (bodyFormat(body, headers['content-type']) !== 'json') return [];
  const fill = compileJson(body, rows);
  return [
    (row) =>
      isJson(fill(row))
        ? undefined
        : 'the body is not JSON with these values; put templates of texts into quotes, or give the body another type, such as Content-Type: text/plain',
  ];
}
