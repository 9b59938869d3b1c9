/** Decides from the head of a response whether an event stream follows, and if not, why. */
import { urlWithoutSecrets } from '../scenario/secrets.ts';
import { compressionOf, encodingsOf } from './encoding.ts';
import { switchedProtocols } from './failure.ts';
import { beginsLikeHttp2, onlyHttp2 } from './http2.ts';

type Headers = Record<string, string | string[] | undefined>;
/** The failure cause of a stream, and a description for people. */
export type Failure = [cause: string, message: string];

const eventStream = /^text\/event-stream\s*(;|$)/i;
/** This much of a server's text is enough to recognize it. */
const shownCharacters = 80;

/** @returns why a response is not an event stream that we can read */
export function whyNoStream(
  status: number,
  statusText: string,
  headers: Headers,
  nowMs: number,
): Failure | undefined {
  const statusLine = `${status} ${statusText}`.trim();
  if (status !== 200) {
    const location =
      status >= 300 && status < 400 && headers.location
        ? `, to ${urlWithoutSecrets(String(headers.location))}`
        : '';
    return [`status ${status}`, `${statusLine}${location}${retryAfter(headers, nowMs)}`];
  }
  const type = String(headers['content-type'] ?? '');
  if (!eventStream.test(type)) return ['not an event stream', `Content-Type: ${type || '(none)'}`];
  const encodings = encodingsOf(headers['content-encoding']);
  if (encodings.length > 1)
    return [
      'unknown encoding',
      `Content-Encoding: ${encodings.join(', ')}; ssebench decodes only a single encoding`,
    ];
  if (encodings.length > 0 && !compressionOf(encodings))
    return ['unknown encoding', `Content-Encoding: ${encodings[0]}`];
  return undefined;
}

/** When the server wants the next request, in seconds or as a date (RFC 9110, section 10.2.3). */
function retryAfter({ 'retry-after': header }: Headers, nowMs: number): string {
  if (header === undefined) return '';
  const text = String(header).trim();
  if (/^\d+$/.test(text)) return `, Retry-After: ${text} s`;
  const dateMs = Date.parse(text);
  if (Number.isNaN(dateMs)) return `, Retry-After: ${text}`;
  const seconds = Math.round((dateMs - nowMs) / 1_000);
  return `, Retry-After: ${text} (${seconds >= 0 ? `in ${seconds} s` : `${-seconds} s ago`})`;
}

/** An empty line before the status line is allowed (RFC 9112, section 2.2). */
const httpAtStart = /^(\r?\n)*HTTP\//;
const statusLine = /^HTTP\/\d\.\d [1-9]\d\d( |$)/;

/**
 * Finds invalid responses that undici accepts: undici's assertions fail on them later, or they
 * belong to another protocol.
 *
 * @param head the text before the body
 */
export function faultOfAnswer(status: number, head: string): Failure | undefined {
  if (status === 101) return switchedProtocols;
  if (status < 100)
    return faultOfHead(head) ?? ['not HTTP', `status ${String(status).padStart(3, '0')}`];
  return status < 200 || httpAtStart.test(head) ? undefined : faultOfHead(head);
}

/** Finds the part of a head that an HTTP parser refused, if its error is about the head. */
export function faultIn(error: Error, head: string): Failure | undefined {
  const { code, name } = error as NodeJS.ErrnoException;
  const isParsing =
    name === 'HTTPParserError' ||
    code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH' ||
    code === 'ERR_ASSERTION';
  return isParsing ? faultOfHead(head) : undefined;
}

/**
 * A header or a trailer: its name is a token, and its value has no control characters (RFC 9110,
 * section 5).
 */
export const headerLine = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*)$/;

/**
 * @param text the head or a part of it, possibly after interim responses such as 103 Early Hints
 * @returns why the status line or the length is invalid, if it is
 */
export function faultOfHead(text: string): Failure | undefined {
  if (beginsLikeHttp2(Buffer.from(text, 'latin1'))) return onlyHttp2;
  const heads = text.replace(/^(\r?\n)+/, '').split('\r\n\r\n');
  const place = heads.findIndex((each) => !/^HTTP\/\d\.\d 1\d\d(?!\d)/.test(each));
  const [first = '', ...rest] = (heads[place] ?? '').split('\r\n');
  if (first === '') return undefined;
  if (!statusLine.test(first))
    return ['not HTTP', `Expected HTTP/1.1 and a status, found ${quoted(first)}`];
  const isWhole = place < heads.length - 1;
  const lines = linesBeforeFault(isWhole ? rest : rest.slice(0, -1));
  const valuesOf = (name: string) =>
    lines.flatMap((line) =>
      line.toLowerCase().startsWith(`${name}:`) ? [line.slice(name.length + 1).trim()] : [],
    );
  const lengths = valuesOf('content-length');
  const [coding] = valuesOf('transfer-encoding');
  const fields = lengths
    .map((length) => `Content-Length: ${length.slice(0, shownCharacters) || '(empty)'}`)
    .join(' and ');
  if (lengths.length > 1) return ['bad Content-Length', `${lengths.length} headers: ${fields}`];
  if (lengths.length > 0 && coding !== undefined)
    return ['bad Content-Length', `${fields} next to Transfer-Encoding: ${coding}`];
  if (lengths.length > 0 && !/^\d+$/.test(lengths[0]!))
    return ['bad Content-Length', `${fields}, which is not a number`];
  if (Number(lengths[0]) > Number.MAX_SAFE_INTEGER)
    return ['bad Content-Length', `${fields}, which is too large`];
  return undefined;
}

/** Lines after an invalid one may not have arrived, or not whole. So they decide nothing. */
function linesBeforeFault(lines: readonly string[]): readonly string[] {
  const fault = lines.findIndex((line) => !headerLine.test(line));
  return fault < 0 ? lines : lines.slice(0, fault);
}

/** A text of a server as people see it, shortened. */
export const quoted = (text: string) =>
  JSON.stringify(text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text);
