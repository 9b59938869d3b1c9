/** Makes the connection of an HTTP/2 session: over TLS by ALPN, otherwise with prior knowledge. */
import { connect as connectHttp2, type ClientHttp2Session } from 'node:http2';
import { connect, isIP, type Socket, type TcpNetConnectOpts } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import type { Failure } from './answer.ts';
import { failureCause, failureMessage } from './failure.ts';
import { connectWithinMs, mostHeaderLines } from './limits.ts';
import { carries } from './sockets.ts';
import type { StreamRequest } from './stream-request.ts';

export interface Http2Connection {
  session: ClientHttp2Session;
  socket: Socket;
}

/** The limit for one session's streams and unsent data, in MB: no limit before the machine's own. */
const mostSessionMB = 10_000;

/** @param trust the TLS options of the load */
export function connectForHttp2(
  { url, options, isElsewhere, localAddress }: StreamRequest,
  trust: ConnectionOptions,
): Http2Connection {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const isTls = url.protocol === 'https:';
  const tcp = connect(
    options.socketPath !== null && !isElsewhere
      ? { path: options.socketPath }
      : ({
          host,
          port: Number(url.port || (isTls ? 443 : 80)),
          ...(localAddress !== undefined && { localAddress }),
          noDelay: true,
        } as TcpNetConnectOpts),
  );
  const socket = isTls ? secure(tcp, host, trust) : tcp;
  const session = connectHttp2(url.origin, {
    createConnection: () => socket,
    settings: { enablePush: false },
    maxHeaderListPairs: 2 * mostHeaderLines, // our own limit comes first, and has a message
    maxSessionMemory: mostSessionMB,
  });
  return { session, socket };
}

function secure(tcp: Socket, host: string, trust: ConnectionOptions): Socket {
  const socket = connectTls({
    host,
    ...(isIP(host) === 0 && { servername: host }),
    ...trust,
    socket: tcp,
    ALPNProtocols: ['h2'],
  });
  carries(tcp, socket);
  return socket;
}

/** The failure cause of a server that does not speak HTTP/2. */
export const http2Refused = 'HTTP/2 refused';

const noCommonProtocol = /NO_APPLICATION_PROTOCOL/;
/** The server's first bytes are no frame of HTTP/2. */
const isNoHttp2 = (error: NodeJS.ErrnoException) => error.code === 'ERR_HTTP2_ERROR';

/** Why a session did not open. @param error `undefined` if the server closed the connection */
export function whyNotOpened(
  error: NodeJS.ErrnoException | undefined,
  { bytesRead }: Pick<Socket, 'bytesRead'>,
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
