/**
 * Sends one request to a URL before any load, closed after its headers, to check that it serves
 * streams.
 */
import type { RequestOptions } from '../scenario/request-options.ts';
import { openStream, type OpenStream } from './stream.ts';
import { requestsOf } from './stream-request.ts';

export interface FirstRequest {
  /** May contain templates: the request is that of the first stream. */
  url: string;
  request: RequestOptions;
  /** How long a stream waits for its headers. */
  withinMs: number;
}

export interface Failure {
  cause: string;
  message: string;
}

/**
 * Judges the response like that of every stream.
 *
 * @returns why the URL serves no stream; `undefined` if it does, or the signal was aborted
 */
export function requestFirst(
  { url, request, withinMs }: FirstRequest,
  signal: AbortSignal,
): Promise<Failure | undefined> {
  return new Promise((resolve) => {
    let stream: OpenStream | undefined;
    const late = {
      cause: 'no answer',
      message: `no response for ${withinMs / 1000} s; the server may send its headers only with the first event, or a proxy may buffer the response`,
    };
    const timer = setTimeout(() => finish(late), withinMs);
    const stop = () => finish(undefined);
    function answered(failure: Failure | undefined) {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      resolve(failure);
    }
    function finish(failure: Failure | undefined) {
      if (stream) stream.close('fin', () => answered(failure));
      else answered(failure);
    }
    signal.addEventListener('abort', stop);
    if (signal.aborted) return stop();
    stream = openStream(requestsOf(url, request)(0), {
      headers: () => finish(undefined),
      body() {},
      event() {},
      comment() {},
      ended() {},
      failed: (cause, message) => answered({ cause, message }),
    });
  });
}

export const methodRemedy = 'use the method that the stream expects, such as --method POST';

/** The remedy for a failure, by its cause. The first matching row counts. */
const remedies: readonly [cause: RegExp, remedy: string][] = [
  [
    /^status 40[13]$/,
    "send credentials with --header or --cookie, such as --header 'Authorization: Bearer $TOKEN'",
  ],
  [/^status 405$/, methodRemedy],
  // Express and others also answer 404 if a path has a route for another method only.
  [/^status 404$/, `use the URL of the stream itself, or ${methodRemedy}`],
  [/^not an event stream$/, 'use the URL of the stream itself'],
  [/^status 415$/, "give the type of the body, such as --header 'Content-Type: application/json'"],
  [/^status 30[12378]$/, 'use the URL that it redirects to, or follow redirects with --follow'],
  [/^(bad redirect|too many redirects)$/, 'use the URL of the stream itself'],
  [/^connection refused$/, 'start the server, or check the port'],
  [/^no such socket$/, 'start the server, or check the path of the socket'],
  [/^host (not found|unreachable)$/, 'check the host'],
  [
    /^certificate not trusted$/,
    'trust it with --ca and its file, or accept any certificate with --insecure',
  ],
  [/^client certificate required$/, 'give the certificate and its key with --cert and --key'],
  [/^client certificate refused$/, 'give one that the server trusts with --cert and --key'],
  [
    /^HTTP\/1\.1 refused$/,
    'use --http2 of ssebench run or leaks, or let the server or a proxy before it serve HTTP/1.1 too',
  ],
  [/^HTTP\/2 refused$/, 'leave out --http2, or use a port that serves HTTP/2'],
  [
    /^too many streams per connection$/,
    'use --streams-per-connection with at most what the server allows',
  ],
  [/^TLS failed$/, 'check that the server uses https'],
];

/** @returns what is wrong, why, and what to do, in one sentence */
export function failureInWords({ cause, message }: Failure): string {
  const remedy = remedies.find(([fits]) => fits.test(cause))?.[1] ?? 'check the server';
  return `${cause}${message && ` (${message})`}; ${remedy}`;
}
