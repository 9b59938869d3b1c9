/** Fault: a loop over `timers/promises` that never ends. */
import { createServer } from 'node:http';
import { setInterval } from 'node:timers/promises';
import { host, port, ready } from '../process.ts';
import { eventStream, intervalOf } from './events.ts';

const server = createServer(async (req, res) => {
  res.writeHead(200, eventStream).flushHeaders();
  let n = 0;
  for await (const _ of setInterval(intervalOf(req.url))) res.write(`data: ${n++}\n\n`);
});

server.listen(port, host, () => ready(server));
