/** Makes the connection of an HTTP/2 session: over TLS by ALPN, otherwise with prior knowledge. */
import { connect as connectHttp2, type ClientHttp2Session } from 'node:http2';
import { connect, isIP, type Socket, type TcpNetConnectOpts } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { mostHeaderLines } from './limits.ts';
import { carries } from './sockets.ts';
import type { StreamRequest } from './stream-request.ts';
import { resumeTls, tlsOptionsOf } from './tls.ts';

export interface Http2Connection {
  session: ClientHttp2Session;
  socket: Socket;
}

/** The limit for one session's streams and unsent data, in MB: no limit before the machine's own. */
const mostSessionMB = 10_000;

export function connectForHttp2(request: StreamRequest): Http2Connection {
  const { url, options, isElsewhere, localAddress } = request;
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
  const socket = isTls ? secure(tcp, host, request) : tcp;
  const session = connectHttp2(url.origin, {
    createConnection: () => socket,
    settings: { enablePush: false },
    maxHeaderListPairs: 2 * mostHeaderLines, // our own limit comes first, and has a message
    maxSessionMemory: mostSessionMB,
  });
  return { session, socket };
}

function secure(tcp: Socket, host: string, request: StreamRequest): Socket {
  const socket = connectTls({
    host,
    ...(isIP(host) === 0 && { servername: host }),
    ...tlsOptionsOf(request),
    socket: tcp,
    ALPNProtocols: ['h2'],
  });
  resumeTls(request, socket);
  carries(tcp, socket);
  return socket;
}
