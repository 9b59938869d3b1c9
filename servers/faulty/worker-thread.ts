/** Fault: starts a thread for each stream, and never ends it. */
import { createServer } from 'node:http';
import { Worker } from 'node:worker_threads';
import { host, port, ready } from '../process.ts';
import { eventStream, intervalOf } from './events.ts';

const clock = `
  const { parentPort, workerData } = require('node:worker_threads');
  setInterval(() => parentPort.postMessage('tick'), workerData);`;

const server = createServer((req, res) => {
  const worker = new Worker(clock, { eval: true, workerData: intervalOf(req.url) });
  res.writeHead(200, eventStream).flushHeaders();
  worker.on('message', (text) => res.write(`data: ${text}\n\n`));
});

server.listen(port, host, () => ready(server));
