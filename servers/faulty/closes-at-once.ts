/** Fault: takes `close` of a request for a disconnect. It comes early, so no event is sent. */
import express from 'express';
import { host, port, ready } from '../process.ts';
import { eventStream, intervalOf } from './events.ts';

const app = express();
app.use(express.json());

app.all('/event', (req, res) => {
  res.set(eventStream).flushHeaders();
  let n = 0;
  const timer = setInterval(() => res.write(`data: ${n++}\n\n`), intervalOf(req.url));
  req.on('close', () => {
    clearInterval(timer);
    res.end();
  });
});

const server = app.listen(port, host, () => ready(server));
