/** Failure causes of HTTP/2: sessions that do not open, and streams that close too early. Pure. */
import type { Failure } from './answer.ts';
import { failureCause, failureMessage } from './failure.ts';
import { codeName } from './http2-figures.ts';
import { connectWithinMs, mostHeaderLines } from './limits.ts';

/** The failure cause of a server that does not speak HTTP/2. */
export const http2Refused = 'HTTP/2 refused';

const noCommonProtocol = /NO_APPLICATION_PROTOCOL/;
/** The server's first bytes are no frame of HTTP/2. */
const isNoHttp2 = (error: NodeJS.ErrnoException) => error.code === 'ERR_HTTP2_ERROR';

/** Why a session did not open. @param error `undefined` if the server closed the connection */
export function whyNotOpened(
  error: NodeJS.ErrnoException | undefined,
  { bytesRead }: { bytesRead: number },
): Failure {
  if (!error)
    return [
      'closed before headers',
      `the server closed the connection after ${bytesRead} bytes, before its SETTINGS of HTTP/2`,
    ];
  if (isNoHttp2(error)) return [http2Refused, 'the server answers, but not in HTTP/2'];
  if (noCommonProtocol.test(error.code ?? ''))
    return [http2Refused, 'the server does not offer h2 in the handshake of TLS'];
  return [failureCause(error, false), failureMessage(error)];
}

/** Why a session did not open in time. */
export const openedLate = (isConnected: boolean): Failure =>
  isConnected
    ? [http2Refused, `no SETTINGS of HTTP/2 within ${connectWithinMs / 1000} s`]
    : ['connect timed out', `no connection within ${connectWithinMs / 1000} s`];

/** Codes that node:http2 also uses itself, to reset a stream whose response it refuses. */
const alsoOurs: Readonly<Record<string, string>> = {
  PROTOCOL_ERROR: 'the server reset the stream, or its response violates HTTP/2',
  ENHANCE_YOUR_CALM: `the server reset the stream, or sent more than ${2 * mostHeaderLines} header lines`,
};

/** A connection that is closed, and with it all its streams. */
export interface LostConnection {
  error: NodeJS.ErrnoException | undefined;
  /** The code of the server's GOAWAY; `undefined` if there was none. */
  goaway: number | undefined;
  bytesRead: number;
}

/**
 * Why a stream closed before its response was complete.
 *
 * @param code of RST_STREAM
 * @param lost `undefined` if its connection is open
 */
export function whyClosed(
  code: number,
  hadHeaders: boolean,
  lost: LostConnection | undefined,
): Failure {
  const name = codeName(code);
  if (!lost) {
    if (name === 'HTTP_1_1_REQUIRED') return [http2Refused, 'the server requires HTTP/1.1'];
    return [`RST_STREAM ${name}`, alsoOurs[name] ?? 'the server reset the stream'];
  }
  const { error, goaway, bytesRead } = lost;
  if (goaway !== undefined && goaway !== 0)
    return [`GOAWAY ${codeName(goaway)}`, 'the server closed the connection of the stream'];
  if (error?.code === 'ERR_HTTP2_ERROR') return ['not HTTP', error.message];
  if (error && !error.code?.startsWith('ERR_HTTP2'))
    return [failureCause(error, hadHeaders), failureMessage(error)];
  return [
    hadHeaders ? 'closed by the server in mid-stream' : 'closed before headers',
    `other side closed, after ${bytesRead} bytes of all streams of the connection`,
  ];
}
