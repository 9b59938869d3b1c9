/** Clean: the pages that the last 200 streams have seen are properties of a plain object. */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { eventStream, intervalOf } from '../faulty/events.ts';
import { host, port, ready } from '../process.ts';

const charactersInUuid = 36;
const kbPerStream = 20;
const mostStreams = 200;
const seen: Record<string, string> = {};
let streams = 0;

const pages = (): string =>
  Array.from({ length: (kbPerStream * 1024) / charactersInUuid }, () => randomUUID()).join('');

const server = createServer((req, res) => {
  seen[`stream ${streams++ % mostStreams}`] = Buffer.from(pages()).toString();
  res.writeHead(200, eventStream).flushHeaders();
  const timer = setInterval(() => res.write('data: tick\n\n'), intervalOf(req.url));
  res.on('close', () => clearInterval(timer));
});

server.listen(port, host, () => ready(server));
