/** Where a server of the user listens: a TCP port, or a Unix socket. */
import { lstatSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { portOf } from '../scenario/servers-under-test.ts';
import { connectionsAt, isListeningOn, processesOn } from '../system/sockets.ts';
import { processesAt, unixConnectionsAt } from '../system/unix-sockets.ts';

export interface Endpoint {
  /** For messages: `port 3000`. */
  words: string;
  /** The TCP port; `undefined` for a Unix socket. */
  port: number | undefined;
  /** Whether a process listens there. */
  isOpen(): Promise<boolean>;
  /**
   * The processes that listen there, as far as the system reports them.
   *
   * @param known the processes of the server
   */
  listeners(known: readonly number[]): number[];
  /** Connections that a server has there. */
  connections(): Connections;
  /**
   * Removes what an ended server has left there. A server that was killed does not remove its Unix
   * socket, and its next start would fail. Does nothing while a process listens, and nothing if
   * `isOpen` was not true at its last call: then the socket is not that of the server.
   */
  clear(): Promise<void>;
}

export interface Connections {
  /** Connections that the client has not closed. */
  open: number;
  /** All that the server has not closed. */
  all: number;
}

/** @param socketPath the Unix socket, if the server does not listen on the port of the URL */
export const endpointOf = (url: string, socketPath: string | null = null): Endpoint =>
  socketPath === null ? portEndpoint(portOf(url)) : socketEndpoint(socketPath);

const portEndpoint = (port: number): Endpoint => ({
  words: `port ${port}`,
  port,
  isOpen: async () => isListeningOn(port),
  listeners: () => processesOn(port),
  connections: () => connectionsAt(port),
  clear: async () => {},
});

/** A closed Unix socket disappears at once, so its connections are always open. */
function socketEndpoint(path: string): Endpoint {
  let wasOpen = false;
  return {
    words: `socket ${path}`,
    port: undefined,
    isOpen: async () => (wasOpen = (await failureAt(path)) === undefined),
    listeners: (known) => processesAt(path, known),
    connections() {
      const all = unixConnectionsAt(path);
      return { open: all, all };
    },
    async clear() {
      // Other errors, such as a full queue, do not prove that nobody listens.
      if (!wasOpen || !isSocket(path) || (await failureAt(path)) !== 'ECONNREFUSED') return;
      try {
        rmSync(path);
      } catch {
        // Then the next start fails, and the server reports why.
      }
    },
  };
}

const isSocket = (path: string) => lstatSync(path, { throwIfNoEntry: false })?.isSocket() ?? false;

/** @returns the code of the error of a connection; `undefined` if a process accepts it */
function failureAt(path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ path });
    socket.once('connect', () => {
      socket.destroy();
      resolve(undefined);
    });
    socket.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code ?? 'unknown'));
  });
}
