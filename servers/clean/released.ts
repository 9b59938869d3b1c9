/** Clean: each stream acquires one thing of every kind, and releases all of them at its close. */
import { spawn } from 'node:child_process';
import { EventEmitter, on, once, setMaxListeners } from 'node:events';
import { closeSync, createReadStream, openSync, watch } from 'node:fs';
import { createServer } from 'node:http';
import { connect, createServer as createEcho, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { MessageChannel } from 'node:worker_threads';
import { eventStream, intervalOf } from '../faulty/events.ts';
import { host, port, ready } from '../process.ts';
import { startOrigin } from './origin.ts';

const text = fileURLToPath(import.meta.url);
const ending = new AbortController();
setMaxListeners(0, ending.signal);
const news = new EventEmitter().setMaxListeners(0);
const origin = await startOrigin();
const echo = createEcho((socket) => socket.on('error', () => {}).resume());
await once(echo.listen(0, '127.0.0.1'), 'listening');
const echoPort = (echo.address() as AddressInfo).port;

function ignoreAbort(error: Error) {
  if (error.name !== 'AbortError') throw error;
}

async function drain(body: AsyncIterable<unknown>) {
  for await (const _ of body);
}

const server = createServer((req, res) => {
  const gone = new AbortController();
  const { signal } = gone;
  const file = openSync(text, 'r');
  const stream = createReadStream(text);
  const child = spawn('cat');
  const socket = connect(echoPort, '127.0.0.1').on('error', () => {});
  drain(on(news, 'headline', { signal })).catch(ignoreAbort);
  fetch(`${origin}/event?interval=50`, { signal })
    .then((answer) => drain(answer.body!))
    .catch(ignoreAbort);
  const timer = setInterval(() => res.write('data: tick\n\n'), intervalOf(req.url));
  const { port1, port2 } = new MessageChannel();
  port2.on('message', () => {});
  const watcher = watch(text);
  const bye = () => res.end();
  ending.signal.addEventListener('abort', bye);
  res.writeHead(200, eventStream).flushHeaders();
  res.on('close', () => {
    gone.abort();
    ending.signal.removeEventListener('abort', bye);
    closeSync(file);
    stream.destroy();
    child.kill();
    port1.close();
    port2.close();
    watcher.close();
    socket.destroy();
    clearInterval(timer);
  });
});

server.listen(port, host, () => ready(server));
