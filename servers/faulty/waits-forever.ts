/** Fault: a generator of events waits for the next order, also after its client disconnected. */
import { createServer } from 'node:http';
import { host, port, ready } from '../process.ts';
import { eventStream, intervalOf } from './events.ts';

const nextOrder = Promise.withResolvers<string>();

async function* orders(): AsyncGenerator<string> {
  yield 'none yet';
  for (;;) {
    const order = await nextOrder.promise;
    yield order;
  }
}

const server = createServer(async (req, res) => {
  res.writeHead(200, eventStream).flushHeaders();
  const timer = setInterval(() => res.write('data: tick\n\n'), intervalOf(req.url));
  res.on('close', () => clearInterval(timer));
  for await (const order of orders()) res.write(`data: ${order}\n\n`);
});

server.listen(port, host, () => ready(server));
