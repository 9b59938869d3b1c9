/** Checks the templates of a request: whether each has a value, in every row, that can be sent. */
import { nearest, visible, type Complain } from './complaint.ts';
import { isCookieValue } from './cookies.ts';
import type { RequestOptions } from './request-options.ts';
import { whyNoRows } from './request-templates.ts';
import { columnsInWords } from './rows.ts';
import { urlWithoutSecrets } from './secrets.ts';
import { isUnclosed, namesIn, numberName, valueOf } from './templates.ts';

/** A text with its option, as it may be shown. */
interface ShownText {
  shown: string;
  text: string;
}

/** A server under test, with the headers that only it gets. */
export interface ServerToRequest {
  url: string;
  headers: Readonly<Record<string, string>>;
}

/** Where templates may stand. */
export interface Templated {
  servers: readonly ServerToRequest[];
  headers: readonly { shown: string; value: string | undefined }[];
  cookies: readonly { shown: string; value: string }[];
  body: ShownText | undefined;
  /** All of it, with the rows. */
  request: RequestOptions;
}

/**
 * @param rowsShown the option with the file of rows, as typed; `undefined` if it was not given
 * @param rowsExample how a user writes it
 */
export function checkTemplates(
  templated: Templated,
  rowsShown: string | undefined,
  rowsExample: string,
  complain: Complain,
): void {
  const { servers, headers, cookies, body, request } = templated;
  const inPairs = [...headers, ...cookies].map(({ shown, value = '' }) => ({ shown, text: value }));
  const inHead: ShownText[] = [...servers.flatMap(textsOf), ...inPairs];
  const texts = [...inHead, ...(body ? [body] : [])];
  checkBraces(inHead, complain);
  // If the file could not be read, its columns are unknown.
  if (rowsShown === undefined || request.rows.length > 0)
    checkNames(texts, request, rowsExample, complain);
  for (const { url } of servers.filter((server) => hasTemplateInHost(server.url)))
    complain(
      `${shownUrl(url)}: a template before the path would choose the server; write templates only after the host`,
    );
  if (request.rows.length > 0)
    checkRows(templated, namesIn(...texts.map(({ text }) => text)), (why) =>
      complain(`${rowsShown}: ${why}`),
    );
}

/** A body may have any braces, so it is not among these texts. */
function checkBraces(texts: readonly ShownText[], complain: Complain) {
  for (const { shown } of texts.filter(({ text }) => isUnclosed(text)))
    complain(
      `${shown}: has {{ that begins no template; write {{i}} or {{column}} with both braces at its end, or {{{{ for two braces`,
    );
}

function checkNames(
  texts: readonly ShownText[],
  { rows }: RequestOptions,
  rowsExample: string,
  complain: Complain,
) {
  const columns = Object.keys(rows[0] ?? {});
  for (const { shown, text } of texts) {
    for (const name of namesIn(text)) {
      if (name !== numberName && !columns.includes(name))
        complain(
          `${shown}: {{${visible(name)}}} ${whyUnknown(name, rows.length > 0, columns, rowsExample)}`,
        );
    }
  }
}

/** @param used the names of all templates */
function checkRows(
  { servers, cookies, request }: Templated,
  used: readonly string[],
  complain: Complain,
) {
  const { rows } = request;
  const columns = Object.keys(rows[0]!);
  // The URLs under test may be invalid, and their templates unknown.
  if (servers.length > 0 && !columns.some((column) => used.includes(column)))
    complain(
      `no template uses a column; write {{column}} in the URL, a header, a cookie or the body (columns: ${columnsInWords(columns)})`,
    );
  const semicolons = cookies.flatMap(({ value }) =>
    namesIn(value).filter((name) =>
      rows.some((_, row) => !isCookieValue(valueOf(name, row, rows) ?? '')),
    ),
  );
  const all = servers.length > 0 ? servers : [{ url: '', headers: {} }];
  const reasons = all.flatMap(({ url, headers: own }) =>
    whyNoRows(url, { ...request, headers: { ...request.headers, ...own } }),
  );
  for (const reason of new Set(reasons)) complain(reason);
  for (const name of new Set(semicolons))
    complain(`{{${name}}} cannot be sent in a cookie; leave out semicolons`);
}

const shownUrl = (url: string): string => visible(urlWithoutSecrets(url));

const textsOf = ({ url, headers }: ServerToRequest): ShownText[] => [
  { shown: shownUrl(url), text: url },
  ...Object.entries(headers).map(([name, text]) => ({
    shown: `header ${name} of ${shownUrl(url)}`,
    text,
  })),
];

function whyUnknown(
  name: string,
  hasRows: boolean,
  columns: readonly string[],
  rowsExample: string,
): string {
  if (!hasRows)
    return `needs a column of a file; give the file, such as ${rowsExample}, or use {{i}}, the number of the stream`;
  const meant = nearest(name, columns);
  return meant === undefined
    ? `is no column of the rows; choose from ${columnsInWords(columns)}, or use {{i}}, the number of the stream`
    : `is no column of the rows; did you mean {{${columnsInWords([meant])}}}?`;
}

/** Whether a template stands before the path of a URL, where it would choose the server. */
const hasTemplateInHost = (url: string): boolean => /^[^:]*:[/\\]*[^/\\?#]*\{\{/.test(url);
