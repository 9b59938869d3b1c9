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
   * socket, and its next start would fail. Does nothing while a process listens.
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
const socketEndpoint = (path: string): Endpoint => ({
  words: `socket ${path}`,
  port: undefined,
  isOpen: () => acceptsAt(path),
  listeners: (known) => processesAt(path, known),
  connections() {
    const all = unixConnectionsAt(path);
    return { open: all, all };
  },
  async clear() {
    if (isSocket(path) && !(await acceptsAt(path))) rmSync(path, { force: true });
  },
});

const isSocket = (path: string) => lstatSync(path, { throwIfNoEntry: false })?.isSocket() ?? false;

function acceptsAt(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
