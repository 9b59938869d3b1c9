/** Clean: forwards a stream of another server, and aborts its request on a disconnect. */
import { createServer } from 'node:http';
import { eventStream } from '../faulty/events.ts';
import { host, port, ready } from '../process.ts';
import { forgets } from './streams.ts';
import { startUpstream } from './upstream.ts';

const { httpPort } = await startUpstream();

const server = createServer(async (_req, res) => {
  const gone = new AbortController();
  const isForgotten = forgets();
  res.on('close', () => !isForgotten && gone.abort());
  try {
    const answer = await fetch(`http://127.0.0.1:${httpPort}/events`, { signal: gone.signal });
    res.writeHead(answer.status, eventStream);
    for await (const chunk of answer.body!) res.write(chunk);
    res.end();
  } catch (error) {
    if ((error as Error).name !== 'AbortError') throw error;
  }
});

server.listen(port, host, () => ready(server));
