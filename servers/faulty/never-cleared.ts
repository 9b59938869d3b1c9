/** Fault: the timer of a client that has disconnected is never cleared. */
import express from 'express';
import { address, ready } from '../process.ts';
import { eventStream, intervalOf } from './events.ts';

const app = express();

app.all('/event', (req, res) => {
  res.set(eventStream).flushHeaders();
  let n = 0;
  setInterval(() => res.write(`data: ${n++}\n\n`), intervalOf(req.url));
});

const server = app.listen(address, () => ready(server));
