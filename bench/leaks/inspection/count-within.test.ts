import { ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { MessageChannel, MessagePort } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import { prototypeOfTimers, readTimer } from '../../inspector/timers.ts';
import { collectionCounter } from './collections-within.ts';
import { countHeld } from './count-within.ts';
import { pendingReader } from './pending-within.ts';
import { resourceReader } from './resources-within.ts';

const countOf = (...objects: object[]) =>
  countHeld(
    objects,
    [],
    readTimer,
    prototypeOfTimers,
    resourceReader,
    collectionCounter,
    pendingReader,
  );
const textsOf = (...objects: object[]) =>
  countOf(...objects).counted.map(({ kind, what, count }) => `${count} ${kind}: ${what}`);

/** A child process as Node leaves it, without starting one. */
const child = (about: object) =>
  Object.assign(Object.create(ChildProcess.prototype) as object, {
    pid: 4711,
    exitCode: null,
    signalCode: null,
    spawnfile: '/usr/bin/tail',
    stdio: [],
    ...about,
  });

describe('a child process', () => {
  test('counts by the name of its program, without its arguments', () => {
    expect(textsOf(child({}), child({ spawnargs: ['tail', 'secret'] }))).toEqual([
      '2 process: child process tail',
    ]);
  });

  test.each([
    ['that ended', { exitCode: 0 }],
    ['that a signal ended', { signalCode: 'SIGTERM' }],
    ['that did not start', { pid: undefined }],
  ])('%s does not count', (_what, about) => {
    expect(textsOf(child(about))).toEqual([]);
  });

  test('has its pipes, which do not count on their own', () => {
    const pipe = new Socket();
    expect(countOf(child({ stdio: [pipe, null, pipe] }), pipe)).toMatchObject({
      connections: 0,
      descriptors: 2,
      counted: [{ kind: 'process', count: 1 }],
    });
  });

  test('has listeners, which do not count on their own', () => {
    const listens = child({});
    EventEmitter.prototype.on.call(listens as never, 'exit', () => {});
    expect(textsOf(listens)).toEqual(['1 process: child process tail']);
  });
});

test('a message port counts until it is closed', async () => {
  const { port1, port2 } = new MessageChannel();
  expect(textsOf(port1, port2)).toEqual(['2 port: message port']);
  port1.close();
  await once(port2, 'close');
  await setImmediate();
  expect(textsOf(port1, port2)).toEqual([]);
});

test('a port that Node has not initialized is not asked for its state', () => {
  expect(textsOf(Object.create(MessagePort.prototype) as object)).toEqual([]);
});

test('a connection counts only if it is known who created it', () => {
  expect(countOf(new Socket())).toMatchObject({ counted: [], connections: 0 });
});

test('a class is not an object of the class', () => {
  class Child extends ChildProcess {}
  expect(textsOf(ChildProcess.prototype, Child.prototype, Socket.prototype)).toEqual([]);
});

test('listeners of an event target count like those of an emitter', () => {
  const { signal } = new AbortController();
  const onAbort = () => {};
  signal.addEventListener('abort', onAbort);
  signal.addEventListener('abort', { handleEvent: onAbort });
  signal.addEventListener('abort', () => 'removed', { signal: AbortSignal.abort() });
  expect(textsOf(signal, new EventTarget())).toEqual(["2 listener: listener of 'abort'"]);
});

test('listeners count by their event and function', () => {
  const [bus, other] = [new EventEmitter(), new EventEmitter()];
  const onTick = () => {};
  bus.on('tick', onTick).once('tick', onTick).on('end', onTick);
  other.on('tick', onTick);
  expect(textsOf(bus, other)).toEqual([
    "3 listener: listener of 'tick'",
    "1 listener: listener of 'end'",
  ]);
});

test('events whose names differ only in an id count together', () => {
  const bus = new EventEmitter();
  const onMessage = () => {};
  const id = '3b241101-e2bb-4255-8caf-4136c566a962';
  for (const event of ['message-17', 'message-203', `user:${id}`, `user:${id.toUpperCase()}`])
    bus.on(event, onMessage);
  const target = new EventTarget();
  target.addEventListener('message-5', onMessage);
  bus.on('http2', onMessage).on('http3', onMessage);
  expect(textsOf(bus, target)).toEqual([
    "3 listener: listener of 'message-*'",
    "2 listener: listener of 'user:*'",
    "1 listener: listener of 'http2'",
    "1 listener: listener of 'http3'",
  ]);
});

describe('code of the program does not run', () => {
  const fail = () => {
    throw new Error('ran');
  };
  test('in an emitter with its own methods and getters', () => {
    class Bus extends EventEmitter {
      override eventNames = fail;
      override rawListeners = fail;
      get pipe() {
        return fail();
      }
      get destroyed() {
        return fail();
      }
    }
    const bus = new EventEmitter().on('tick', () => {});
    Object.setPrototypeOf(bus, {
      eventNames: fail,
      rawListeners: fail,
      __proto__: EventEmitter.prototype,
    });
    expect(textsOf(new Bus(), Bus.prototype, bus)).toEqual(["1 listener: listener of 'tick'"]);
  });

  test('in a listener that describes itself', () => {
    const bus = new EventEmitter();
    bus.on(
      'tick',
      Object.defineProperty(() => {}, 'name', { get: fail }),
    );
    bus.on(
      'tick',
      Object.assign(() => {}, { toString: fail }),
    );
    bus.on('tick', new Proxy(() => {}, { get: fail }));
    expect(countOf(bus).counted.reduce((sum, { count }) => sum + count, 0)).toBe(3);
  });

  test('and its errors do not end the inspection', () => {
    class Response extends EventEmitter {
      writeHead() {}
      get destroyed() {
        return fail();
      }
    }
    const bus = new EventEmitter().on('tick', () => {});
    expect(textsOf(new Response(), bus)).toEqual(["1 listener: listener of 'tick'"]);
  });
});

test('a class may have any name', () => {
  const named = (name: string) =>
    Object.create({
      constructor: Object.defineProperty(() => {}, 'name', { value: name }),
    }) as object;
  expect(textsOf(...['toString', 'constructor', '__proto__', 'FileHandle'].map(named))).toEqual([]);
});

describe('code that waits', () => {
  async function* forever(): AsyncGenerator<number> {
    await new Promise(() => {});
    yield 1;
  }
  function* two(): Generator<number> {
    yield 1;
    yield 2;
  }
  test('counts promises and generators of both kinds', () => {
    expect(textsOf(new Promise(() => {}), Promise.resolve(1), forever(), two())).toEqual([
      '2 promise: promise',
      '1 generator: async generator',
      '1 generator: generator',
    ]);
  });
  test.each<[string, object]>([
    ['a prototype', Promise.prototype],
    ['the prototype of a generator function', forever.prototype as object],
    ['an object with the prototype of promises', Object.create(Promise.prototype) as object],
    ['an object without a prototype', Object.create(null) as object],
  ])('does not count %s', (_what, object) => expect(textsOf(object)).toEqual([]));
});
