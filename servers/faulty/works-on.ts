/**
 * Fault: an agent computes for each client, with a request to an upstream, and continues for 3 s,
 * or `WORKS_ON_MS`, after the client has disconnected.
 */
import { createServer, get } from 'node:http';
import { startUpstream } from '../clean/upstream.ts';
import { useCpu } from '../clean/use-cpu.ts';
import { host, port, ready } from '../process.ts';
import { eventStream } from './events.ts';

const { httpPort } = await startUpstream();
const stepMs = 50;
const lastsMs = Number(process.env.WORKS_ON_MS ?? 3_000);

const server = createServer((_req, res) => {
  const request = get(`http://127.0.0.1:${httpPort}/endless`, { agent: false });
  res.writeHead(200, eventStream).flushHeaders();
  let steps = 0;
  const timer = setInterval(() => {
    useCpu();
    res.write('data: step\n\n');
    if (!res.destroyed || ++steps < lastsMs / stepMs) return;
    clearInterval(timer);
    request.destroy();
  }, stepMs);
});

server.listen(port, host, () => ready(server));
