import express from 'express';
import { endAllStreams, readOptions, startCounter } from './counter.ts';
import { address, flushMs, page, ready } from './process.ts';

const app = express();

app.get('/', (_req, res) => {
  res.type('html').send(page);
});

app.get('/event', (req, res) => {
  const { options, problem } = readOptions(req.query, req.get('last-event-id'));
  if (problem !== undefined) {
    res.status(400).type('text').send(problem);
    return;
  }

  res.setHeader('Content-Type', 'text/event-stream');
  res.setHeader('Access-Control-Allow-Origin', '*');

  const stop = startCounter(options, {
    send: (data, fields) => res.write(`${fields}data: ${data}\n\n`),
    drained: () => new Promise((resolve) => res.once('drain', resolve)),
    end: () => res.end(),
  });

  req.on('close', () => {
    stop();
    res.end();
  });
});

const server = app.listen(address, (error) => {
  if (error) throw error;
  ready(server);
});

// As Express documents it: `close` waits for open responses. Streams do not end by themselves.
process.once('SIGTERM', () => {
  server.close();
  endAllStreams();
  setTimeout(() => server.closeAllConnections(), flushMs).unref();
});
