/**
 * Records who created what Node's own code holds: listeners, connections, files, child processes,
 * threads, message ports and file watchers. The function of such an object is often Node's own, so
 * V8 alone cannot name a line. Loaded by `probe.cjs`.
 */
'use strict';
const { AsyncLocalStorage } = require('node:async_hooks');
const { ChildProcess } = require('node:child_process');
const { EventEmitter } = require('node:events');
const fs = require('node:fs');
const { Socket } = require('node:net');
const threads = require('node:worker_threads');
const { inPlaceOf, stackHere } = require('./stacks.cjs');

/** A connection is created below many frames of Node and of libraries. */
const deep = 40;
/** Object or function → the stack of its creation, or of its first registration. */
const creators = new WeakMap();
/** Number of an open file → the stack of the call that opened it. */
const files = new Map();
/** The stack of the `fetch` that is running. It connects much later, in a stack of its own. */
const fetching = new AsyncLocalStorage();

/** A frame of a file. All others are Node's own. */
const ofProgram = /at (?:.* \()?(?:file:|\/)/;

/** The stack of the caller, or of the `fetch` that is running if Node called itself. */
function creatorHere(below, frames) {
  const stack = stackHere(below, frames);
  return ofProgram.test(stack) ? stack : (fetching.getStore() ?? stack);
}

const isObject = (value) =>
  typeof value === 'function' || (typeof value === 'object' && value !== null);

/** The first stack stays: a function with several stacks must not change its name. */
function note(object, stack) {
  if (isObject(object) && !creators.has(object)) creators.set(object, stack);
}

/**
 * @param then receives the object whose method was called, the result, and the stack; must not
 *   throw, because the program would get the error
 */
function after(owner, name, then, frames) {
  const original = owner[name];
  owner[name] = inPlaceOf(original, function wrapped(...args) {
    const stack = creatorHere(wrapped, frames);
    const result = Reflect.apply(original, this, args);
    then(this, result, stack, args);
    return result;
  });
}

/** The same for a class. */
function afterNew(owner, name, then) {
  owner[name] = new Proxy(owner[name], {
    construct: function construct(original, args, target) {
      const stack = stackHere(construct, deep);
      const object = Reflect.construct(original, args, target);
      then(object, stack);
      return object;
    },
  });
}

/**
 * The listeners of a stream end with their connection, and there are many, so they are not
 * recorded.
 */
function noteListener(emitter, registered, below) {
  if ('pipe' in emitter) return;
  // `once` registers a function that has the listener as a property.
  const inner = Object.getOwnPropertyDescriptor(registered, 'listener')?.value;
  const listener = isObject(inner) ? inner : registered;
  if (!creators.has(listener)) creators.set(listener, creatorHere(below));
}

for (const name of ['on', 'prependListener']) {
  const original = EventEmitter.prototype[name];
  EventEmitter.prototype[name] = inPlaceOf(original, function wrapped(event, listener) {
    const result = Reflect.apply(original, this, [event, listener]);
    try {
      noteListener(this, listener, wrapped);
    } catch {
      // A Proxy of the program has thrown.
    }
    return result;
  });
}
EventEmitter.prototype.addListener = EventEmitter.prototype.on;

after(EventTarget.prototype, 'addEventListener', (_target, _result, stack, [, listener]) =>
  note(listener, stack),
);

after(Socket.prototype, 'connect', (socket, _result, stack) => note(socket, stack), deep);
if (typeof globalThis.fetch === 'function') {
  const { fetch } = globalThis;
  globalThis.fetch = inPlaceOf(fetch, function wrapped(...args) {
    return fetching.run(stackHere(wrapped), () => Reflect.apply(fetch, this, args));
  });
}

after(ChildProcess.prototype, 'spawn', (child, _result, stack) => note(child, stack));
afterNew(threads, 'Worker', note);
afterNew(threads, 'MessageChannel', ({ port1, port2 }, stack) => {
  note(port1, stack);
  note(port2, stack);
});
globalThis.MessageChannel = threads.MessageChannel;

for (const name of ['createReadStream', 'createWriteStream', 'watch', 'watchFile'])
  after(fs, name, (_fs, object, stack) => note(object, stack));
const { open: openPromise } = fs.promises;
// The program gets the promise that was created last, so an error that it ignores stays unhandled.
fs.promises.open = inPlaceOf(openPromise, function wrapped(...args) {
  const stack = stackHere(wrapped);
  return Reflect.apply(openPromise, this, args).then((file) => {
    note(file, stack);
    return file;
  });
});
after(fs, 'openSync', (_fs, file, stack) => files.set(file, stack));
after(fs, 'closeSync', (_fs, _result, _stack, [file]) => files.delete(file));

const { open, close } = fs;
fs.open = inPlaceOf(open, function wrapped(...args) {
  const stack = stackHere(wrapped);
  const then = args.at(-1);
  if (typeof then === 'function')
    args[args.length - 1] = function opened(error, file) {
      if (!error) files.set(file, stack);
      return Reflect.apply(then, this, [error, file]);
    };
  return Reflect.apply(open, this, args);
});
fs.close = inPlaceOf(close, function wrapped(file, ...args) {
  files.delete(file);
  return Reflect.apply(close, this, [file, ...args]);
});

const { fstatSync } = fs;
/** A socket or another object can close a file by its number. */
function isOpen(file) {
  try {
    return !fstatSync(file).isSocket();
  } catch {
    return false;
  }
}

module.exports = {
  /** The stack of the creation of an object, or of the registration of a listener. */
  creatorOf: (object) => creators.get(object),
  /** The files that were opened by number, with their stacks. */
  openFiles() {
    for (const file of files.keys()) if (!isOpen(file)) files.delete(file);
    return [...files];
  },
  collections: () => [files],
};
