/** Disconnects the socket of a stream. */
import type { Socket } from 'node:net';
import type { CloseMethod } from '../scenario/scenario.ts';
import { resetSocket } from './sockets.ts';

export type StreamCloseMethod = Exclude<CloseMethod, 'kill'>;

/** How long a socket stays open after its FIN if the server does not close its own side. */
const finReadWithinMs = 100;

/**
 * Disconnects in the given way. A socket that is closed completely answers the server's next write
 * with a reset. A busy server would see that reset before it has read the FIN, so it gets time to
 * read the FIN first.
 *
 * @param left called after the system call that closes the socket
 * @param drop releases the connection
 */
export function closeSocket(
  socket: Socket | undefined,
  method: StreamCloseMethod,
  left: () => void,
  drop: () => void,
) {
  if (socket && method !== 'reset') {
    socket.end(left);
    socket.once('close', drop);
    if (method === 'fin') setTimeout(drop, finReadWithinMs);
    return;
  }
  if (socket) resetSocket(socket);
  left();
  drop();
}
