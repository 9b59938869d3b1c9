/** Fault: fetches a stream for each client, and does not abort the request on a disconnect. */
import { createServer } from 'node:http';
import { startOrigin } from '../clean/origin.ts';
import { host, port, ready } from '../process.ts';
import { eventStream } from './events.ts';

const origin = await startOrigin();

const server = createServer(async (req, res) => {
  const answer = await fetch(`${origin}${req.url}`);
  res.writeHead(answer.status, eventStream).flushHeaders();
  for await (const chunk of answer.body!) res.write(chunk);
});

server.listen(port, host, () => ready(server));
