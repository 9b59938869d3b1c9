/**
 * No framework and no HTTP library: a socket, and every byte written by hand. It shows what others
 * add, and the limit of the harness. It supports only what the contract requires.
 */
import { createServer, type Socket } from 'node:net';
import { endAllStreams, readOptions, startCounter } from './counter.ts';
import { address, page, ready } from './process.ts';

const streamHead =
  'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nAccess-Control-Allow-Origin: *\r\nTransfer-Encoding: chunked\r\n\r\n';

function answer(socket: Socket, status: string, type: string, body: string) {
  const length = Buffer.byteLength(body);
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n${body}`,
  );
}

function stream(socket: Socket, query: Record<string, string>) {
  const { options, problem } = readOptions(query);
  if (problem !== undefined) return answer(socket, '400 Bad Request', 'text/plain', problem);

  socket.write(streamHead);
  const stop = startCounter(options, {
    // One chunk per event. Its length is in bytes, and the data is ASCII: `data: `, data, two LFs.
    send: (data) => socket.write(`${(data.length + 8).toString(16)}\r\ndata: ${data}\n\n\r\n`),
    drained: () => new Promise((resolve) => socket.once('drain', resolve)),
    end: () => socket.end('0\r\n\r\n'),
  });
  socket.on('close', stop);
}

const server = createServer({ noDelay: true }, (socket) => {
  let head = '';
  socket.on('error', () => {}); // a reset is a normal disconnect; 'close' follows
  socket.on('data', function read(bytes) {
    head += bytes.toString('latin1');
    if (!head.includes('\r\n\r\n')) return;
    socket.off('data', read).resume();
    const [path, query] = (head.split(' ')[1] ?? '').split('?');
    if (path === '/event') stream(socket, Object.fromEntries(new URLSearchParams(query)));
    else if (path === '/') answer(socket, '200 OK', 'text/html; charset=utf-8', page);
    else answer(socket, '404 Not Found', 'text/plain', '');
  });
});

server.listen(address, () => ready(server));

process.once('SIGTERM', () => {
  server.close();
  endAllStreams();
});
