/** Fault: waits before it listens for `close`, and misses a client that disconnects meanwhile. */
import { setTimeout as sleep } from 'node:timers/promises';
import express from 'express';
import { host, port, ready } from '../process.ts';
import { eventStream, intervalOf } from './events.ts';

const authorizeMs = 50;
const app = express();

app.all('/event', async (req, res) => {
  await sleep(authorizeMs);
  res.set(eventStream).flushHeaders();
  let n = 0;
  const timer = setInterval(() => res.write(`data: ${n++}\n\n`), intervalOf(req.url));
  res.on('close', () => clearInterval(timer));
});

const server = app.listen(port, host, () => ready(server));
