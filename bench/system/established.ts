/** Counts the established TCP connections to a server by its port alone, on Linux. */
import { linesOf } from './sockets.ts';

const establishedState = '01';

/**
 * If the server runs on this machine, its own ends of the connections count. A server that gives up
 * a slow reader closes its end at once, but the end of the stream reaches the client only after all
 * unread data. If the server runs elsewhere, the ends of the clients count.
 *
 * @returns `undefined` if the system does not report sockets
 */
export function establishedAt(port: number, isOnThisMachine: boolean): number | undefined {
  const lines = ['tcp', 'tcp6'].flatMap((table) => linesOf(`/proc/self/net/${table}`).slice(1));
  if (lines.length === 0) return undefined;
  const end = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return lines.filter((line) => {
    const [, local, remote, state] = line.trim().split(/\s+/);
    return state === establishedState && (isOnThisMachine ? local : remote)!.endsWith(end);
  }).length;
}
