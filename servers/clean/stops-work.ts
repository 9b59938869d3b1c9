/** Clean: an agent computes for each client, with a request to an upstream. A signal stops both. */
import { createServer, get } from 'node:http';
import { setInterval } from 'node:timers/promises';
import { eventStream } from '../faulty/events.ts';
import { host, port, ready } from '../process.ts';
import { startUpstream } from './upstream.ts';
import { useCpu } from './use-cpu.ts';

const { httpPort } = await startUpstream();
const stepMs = 50;

const server = createServer(async (_req, res) => {
  const gone = new AbortController();
  const { signal } = gone;
  res.on('close', () => gone.abort());
  get(`http://127.0.0.1:${httpPort}/endless`, { agent: false, signal }).on('error', () => {});
  res.writeHead(200, eventStream).flushHeaders();
  try {
    for await (const _ of setInterval(stepMs, undefined, { signal })) {
      useCpu();
      res.write('data: step\n\n');
    }
  } catch (error) {
    if ((error as Error).name !== 'AbortError') throw error;
  }
});

server.listen(port, host, () => ready(server));
