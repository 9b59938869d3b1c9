/** The requests of streams: fills templates, and adds the headers that every stream sends. Pure. */
import type { RequestOptions } from '../scenario/request-options.ts';
import { compileRequest, namesInRequest } from '../scenario/request-templates.ts';
import { bodyFormat, type Row } from '../scenario/templates.ts';
import { streamHeaders } from './stream-headers.ts';

export interface StreamRequest {
  url: URL;
  method: string;
  headers: Readonly<Record<string, string>>;
  body: string | null;
  /** How to connect, and whether to follow redirects. The same object for all streams of a load. */
  options: RequestOptions;
  /** The row of the stream, if the request has templates. Its values are secret. */
  row: Row | undefined;
  /** Whether a redirect has led to another origin, where the Unix socket is not used. */
  isElsewhere: boolean;
  /** The address to connect from, for loads that need more ports than one address has. */
  localAddress: string | undefined;
}

/** The type of a body whose header does not give one. */
const contentTypes = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
  text: 'text/plain;charset=utf-8',
};

/**
 * Prepares the requests of a load. Without templates, all streams from the same local address get
 * the same object.
 *
 * @param url may contain templates
 * @param localAddresses which streams use in turn
 * @returns the request of a stream by its number
 */
export function requestsOf(
  url: string,
  options: RequestOptions,
  localAddresses: readonly (string | undefined)[] = [undefined],
): (stream: number) => StreamRequest {
  const { method, headers, body, rows } = options;
  const isTemplated = namesInRequest(url, options).length > 0;
  const texts = compileRequest(url, options);
  const type: Record<string, string> =
    body === null
      ? {}
      : { 'content-type': contentTypes[bodyFormat(body, headers['content-type'])] };
  const requestOf = (stream: number): StreamRequest => {
    const filled = texts.url(stream);
    const own = Object.fromEntries(texts.headers.map(([name, value]) => [name, value(stream)]));
    return {
      url: new URL(filled),
      method,
      headers: { ...type, ...streamHeaders(filled, own) },
      body: texts.body?.(stream) ?? null,
      options,
      row: isTemplated ? rows[stream % rows.length] : undefined,
      isElsewhere: false,
      localAddress: localAddresses[stream % localAddresses.length],
    };
  };
  if (isTemplated) return requestOf;
  const byAddress = localAddresses.map((_, number) => requestOf(number));
  return (stream) => byAddress[stream % byAddress.length]!;
}
