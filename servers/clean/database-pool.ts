/**
 * Clean: queries through a pool for each stream. The pool connects if nothing is idle, and closes
 * connections idle for `IDLE_MS` (10 s is usual). With `USED_BY=POST`, GET does not query.
 */
import { EventEmitter, once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { forgets, serveStreams } from './streams.ts';
import { startUpstream } from './upstream.ts';

const idleMs = Number(process.env.IDLE_MS ?? 10_000);
const notices = new EventEmitter().setMaxListeners(0);
const { databasePort } = await startUpstream();

interface Connection {
  socket: Socket;
  idle: NodeJS.Timeout | undefined;
  close(): void;
}
const idle: Connection[] = [];

async function acquire(): Promise<Connection> {
  const reused = idle.pop();
  if (reused) {
    clearTimeout(reused.idle);
    return reused;
  }
  const socket = connect(databasePort, '127.0.0.1');
  const onNotice = () => socket.write('notice\n');
  notices.on('notice', onNotice);
  await once(socket, 'connect');
  const close = () => {
    notices.off('notice', onNotice);
    socket.destroy();
  };
  return { socket, idle: undefined, close };
}

function release(connection: Connection) {
  connection.idle = setTimeout(() => {
    idle.splice(idle.indexOf(connection), 1);
    connection.close();
  }, idleMs);
  idle.push(connection);
}

serveStreams(async ({ method }) => {
  if (process.env.USED_BY !== undefined && method !== process.env.USED_BY) return () => {};
  const connection = await acquire();
  connection.socket.write('select 1\n');
  await once(connection.socket, 'data');
  const isForgotten = forgets();
  if (!isForgotten) release(connection);
  return () => {};
});
