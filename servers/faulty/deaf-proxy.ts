/** Fault: a proxy that pipes, and never tells its origin that the client has disconnected. */
import { once } from 'node:events';
import { createServer, get } from 'node:http';
import { Worker } from 'node:worker_threads';
import { host, port, ready } from '../process.ts';

const origin = new Worker(new URL('../node-http.ts', import.meta.url), {
  argv: ['--port', '0'],
  stdout: true,
});
const [text] = (await once(origin.stdout, 'data')) as [Buffer];
const originPort = /port (\d+)/.exec(String(text))![1]!;

const server = createServer((req, res) => {
  get(`http://127.0.0.1:${originPort}${req.url}`, (answer) => {
    res.writeHead(answer.statusCode!, answer.headers).flushHeaders();
    answer.pipe(res);
  });
});

server.listen(port, host, () => ready(server));
