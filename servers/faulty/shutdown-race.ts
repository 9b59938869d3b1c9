/**
 * Fault: each stream races with the promise of the shutdown. That promise stays pending, so it keeps
 * the result of every race.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { host, port, ready } from '../process.ts';
import { eventStream, intervalOf } from './events.ts';

const shutdown = Promise.withResolvers<void>();
process.once('SIGTERM', () => {
  shutdown.resolve();
  process.exit();
});

const server = createServer(async (req, res) => {
  res.writeHead(200, eventStream).flushHeaders();
  const timer = setInterval(() => res.write('data: tick\n\n'), intervalOf(req.url));
  await Promise.race([once(res, 'close'), shutdown.promise]);
  clearInterval(timer);
});

server.listen(port, host, () => ready(server));
