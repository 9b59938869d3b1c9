/** Fault: the pages that each stream has seen are properties of a plain object, and remain there. */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { host, port, ready } from '../process.ts';
import { eventStream, intervalOf } from './events.ts';

const charactersInUuid = 36;
const kbPerStream = Number(process.env.KB_PER_STREAM ?? 20);
const seen: Record<string, string> = {};

const pages = (): string =>
  Array.from({ length: (kbPerStream * 1024) / charactersInUuid }, () => randomUUID()).join('');

const server = createServer((req, res) => {
  seen[randomUUID()] = Buffer.from(pages()).toString();
  res.writeHead(200, eventStream).flushHeaders();
  const timer = setInterval(() => res.write('data: tick\n\n'), intervalOf(req.url));
  res.on('close', () => clearInterval(timer));
});

server.listen(port, host, () => ready(server));
