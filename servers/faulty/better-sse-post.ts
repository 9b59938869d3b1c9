/** Fault: better-sse waits for `close` of the request, which came when its body was parsed. */
import { createSession } from 'better-sse';
import express from 'express';
import { host, port, ready } from '../process.ts';
import { intervalOf } from './events.ts';

const app = express();
app.use(express.json());

app.all('/event', async (req, res) => {
  const session = await createSession(req, res);
  let n = 0;
  const timer = setInterval(() => session.push(n++), intervalOf(req.url));
  session.once('disconnected', () => clearInterval(timer));
});

const server = app.listen(port, host, () => ready(server));
