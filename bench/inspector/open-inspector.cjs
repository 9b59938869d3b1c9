/**
 * A preload (`node --require`) for the processes of a command that ssebench starts. It opens the
 * inspector when ssebench asks for it, on loopback only, whatever the options say. It closes the
 * inspector when the connection to ssebench ends. Until then it does nothing. Plain JavaScript, for
 * Node 18 and newer.
 */
'use strict';

/** `PORT:TOKEN` */
const keyVariable = 'SSEBENCH_LIFELINE';

function connect(port, token) {
  const inspector = require('node:inspector');
  let openedByUs = false;
  /** In a worker of a cluster, the first attempt can leave an inspector without an address. */
  function openAnew() {
    try {
      inspector.open(0, '127.0.0.1');
    } catch {
      inspector.close();
      inspector.open(0, '127.0.0.1');
    }
  }
  function open() {
    try {
      if (inspector.url() === undefined) {
        openAnew();
        openedByUs = true;
      }
      return { url: inspector.url() };
    } catch (error) {
      return { error: error.message };
    }
  }
  const socket = require('node:net').connect(port, '127.0.0.1');
  socket.unref();
  socket.on('error', () => {}); // 'close' follows
  socket.on('data', () => socket.write(JSON.stringify(open())));
  // Wait, since Node 20 to 26 crashes (SIGSEGV) if it still reads messages of a session.
  socket.on('close', () => openedByUs && setTimeout(inspector.close, 100).unref());
  socket.write(`${token} ${process.pid}\n`);
}

// Deno opens its inspector by a signal. The inspector of a process also shows its worker threads.
if (!('Deno' in globalThis)) {
  try {
    const [port, token] = (process.env[keyVariable] || '').split(':');
    if (token !== undefined && require('node:worker_threads').isMainThread)
      connect(Number(port), token);
  } catch {
    // A program without access to the network or the inspector runs as usual.
  }
}
