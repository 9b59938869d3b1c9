/** The connection of one request, made by undici. */
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { Client } from 'undici';

import { closeSocket, type StreamCloseMethod } from './close-socket.ts';
import { watchReads, type Reads } from './reads.ts';
import { connectorFor } from './connectors.ts';
import type { StreamRequest } from './stream-request.ts';

export interface Connection {
  client: Client;
  /** `undefined` until the connection is made. */
  socket: Socket | undefined;
  reads: Reads | undefined;
  /** An alert of TLS after the handshake, which undici reports as a closed connection. */
  alert: Error | undefined;
  /** Closes everything at once. */
  drop(): void;
  close(method: StreamCloseMethod, left: () => void): void;
}

/**
 * Prepares a connection, which is made with the first request.
 *
 * @param isOver whether the stream is closed, so that a connection that is made later is closed too
 * @param tooLong called if the response headers exceed a limit
 * @param secured called after the handshake of TLS
 */
export function openConnection(
  request: StreamRequest,
  isOver: () => boolean,
  tooLong: (message: string) => void,
  secured: (isResumed: boolean) => void,
): Connection {
  const { url, localAddress } = request;
  const connect = connectorFor(request);
  const drop = () => {
    connection.reads?.release();
    connection.socket?.destroy();
    void connection.client.destroy();
  };
  const keepAlert = (error: Error) => void (connection.alert = error);
  const connection: Connection = {
    client: new Client(url.origin, {
      headersTimeout: 0,
      bodyTimeout: 0,
      ...(localAddress && { localAddress }),
      // undici hides the socket, so keep it when the connection is made.
      connect(options, callback) {
        connect(options, (...result) => {
          const socket = (connection.socket = result[1] ?? undefined);
          if (isOver()) socket?.destroy();
          else if (socket) {
            connection.reads = watchReads(socket, tooLong);
            if (socket instanceof TLSSocket) {
              socket.once('error', keepAlert);
              secured(socket.isSessionReused());
            }
          }
          callback(...result);
        });
      },
    }),
    socket: undefined,
    reads: undefined,
    alert: undefined,
    drop,
    close: (method, left) => closeSocket(connection.socket, method, left, drop),
  };
  return connection;
}
