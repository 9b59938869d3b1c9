/**
 * A preload (`node --require`) for the processes of a command that ssebench starts: opens the inspector when ssebench asks
 * for it, at an address that only this machine can reach, whatever the options say, and closes it when the connection to
 * ssebench ends. Does nothing until then. Plain JavaScript, for Node 18 and newer.
 */
'use strict';

/** `PORT:TOKEN` */
const keyVariable = 'SSEBENCH_LIFELINE';

function connect(port, token) {
  const inspector = require('node:inspector');
  let openedByUs = false;
  function open() {
    try {
      if (inspector.url() === undefined) {
        inspector.open(0, '127.0.0.1');
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
  // A little later, since Node crashes (SIGSEGV, 20 to 26) if it still reads what a session has asked.
  socket.on('close', () => openedByUs && setTimeout(inspector.close, 100).unref());
  socket.write(`${token} ${process.pid}\n`);
}

// Deno opens its inspector by a signal; of a worker thread, the inspector of its process knows.
if (!('Deno' in globalThis)) {
  try {
    const [port, token] = (process.env[keyVariable] || '').split(':');
    if (token !== undefined && require('node:worker_threads').isMainThread)
      connect(Number(port), token);
  } catch {
    // A program that may not use the network or the inspector runs as if we were not there.
  }
}
