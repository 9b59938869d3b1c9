/**
 * Sends one request to a URL before any load, closed after its headers, to check that it serves
 * streams.
 */
import { openStream, type OpenStream } from './stream.ts';

export interface FirstRequest {
  url: string;
  /** The headers that every stream sends. */
  headers: Record<string, string>;
  /** How long a stream waits for its headers. */
  withinMs: number;
}

export interface Failure {
  cause: string;
  message: string;
}

/**
 * Judges the response like that of every stream, and follows no redirect.
 *
 * @returns why the URL serves no stream; `undefined` if it does, or the signal was aborted
 */
export function requestFirst(
  { url, headers, withinMs }: FirstRequest,
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
    stream = openStream(
      { url: new URL(url), headers, localAddress: undefined },
      {
        headers: () => finish(undefined),
        body() {},
        event() {},
        comment() {},
        ended() {},
        failed: (cause, message) => answered({ cause, message }),
      },
    );
  });
}

/** The remedy for a failure, by its cause. The first matching row counts. */
const remedies: readonly [cause: RegExp, remedy: string][] = [
  [
    /^status 40[13]$/,
    "send credentials with --header, such as --header 'Authorization: Bearer abc'",
  ],
  [/^status 404$|^not an event stream$/, 'use the URL of the stream itself'],
  [/^status 3/, 'use the URL that it redirects to, because ssebench follows no redirects'],
  [/^connection refused$/, 'start the server, or check the port'],
  [/^host (not found|unreachable)$/, 'check the host'],
  [
    /^TLS failed$/,
    'check that the server uses https; to trust your own certificate, set NODE_EXTRA_CA_CERTS',
  ],
];

/** @returns what is wrong, why, and what to do, in one sentence */
export function failureInWords({ cause, message }: Failure): string {
  const remedy = remedies.find(([fits]) => fits.test(cause))?.[1] ?? 'check the server';
  return `${cause}${message && ` (${message})`}; ${remedy}`;
}
