/** For sockets of every kind: the certificates of TLS, and the abrupt close. */
import type { Socket } from 'node:net';
import { createSecureContext, getCACertificates, type ConnectionOptions } from 'node:tls';
import type { RequestOptions } from '../scenario/request-options.ts';

/**
 * The TLS options of a load. Create them once, because reading the certificates takes about 10 ms.
 * Without a context of their own, the sockets would each create one.
 */
export function trustOf({
  ca,
  acceptsAnyCertificate,
  clientCertificate,
  serverName,
}: TlsRequest): ConnectionOptions {
  return {
    secureContext: createSecureContext({
      ...(ca !== null && { ca: [...getCACertificates('default'), ca] }),
      ...clientCertificate,
    }),
    ...(acceptsAnyCertificate && { rejectUnauthorized: false }),
    ...(serverName !== null && { servername: serverName }),
  };
}

type TlsRequest = Pick<
  RequestOptions,
  'ca' | 'acceptsAnyCertificate' | 'clientCertificate' | 'serverName'
>;

/** The TCP socket below each TLS socket: a TLS socket cannot be reset. */
const tcpBelow = new WeakMap<Socket, Socket>();

/** Notes which socket carries a TLS socket, for `resetSocket`. */
export const carries = (tcp: Socket, tls: Socket): void => void tcpBelow.set(tls, tcp);

/** Closes a connection abruptly, with a RST. A Unix socket has none, so it is only closed. */
export function resetSocket(socket: Socket): void {
  try {
    (tcpBelow.get(socket) ?? socket).resetAndDestroy();
  } catch {
    socket.destroy();
  }
}
