/** The faulty servers: one row each, with the expected findings. Data only. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The fault of a server, and its place. */
export interface Fault {
  file: string;
  /** The modes in which it leaks. In all other modes it is clean. */
  leaksIn: 'all' | readonly string[];
  kind:
    | 'timer'
    | 'listener'
    | 'process'
    | 'thread'
    | 'port'
    | 'watcher'
    | 'entry'
    | 'socket'
    | 'descriptor'
    | 'generator'
    | 'promise'
    | 'heap'
    | 'response'
    | 'growth'
    | 'memory';
  /**
   * `null` if there is no exact figure: for rates, and if it depends on the moment of the
   * disconnect.
   */
  perDisconnect: number | null;
  /** The line that the check must name; `undefined` if it cannot name one. */
  line: number | undefined;
  /** Other leaks, by kind and number. */
  also: readonly string[];
  /** Modes in which its clients see something unexpected. */
  unexpectedIn: readonly string[];
}

/** @param culprit a part of the line that leaks */
function fault(name: string, culprit: string | undefined, about: Partial<Fault> = {}): Fault {
  const file = fileURLToPath(new URL(`${name}.ts`, import.meta.url));
  const place =
    culprit === undefined
      ? -1
      : readFileSync(file, 'utf8')
          .split('\n')
          .findIndex((line) => line.includes(culprit));
  if (culprit !== undefined && place < 0) throw new Error(`${file} has no line with ${culprit}`);
  return {
    file,
    leaksIn: 'all',
    kind: 'timer',
    perDisconnect: 1,
    line: culprit === undefined ? undefined : place + 1,
    unexpectedIn: [],
    also: [],
    ...about,
  };
}

/** A server that works on after a disconnect and then ends its work, and its clean twin. */
export const workers: readonly { server: string; file: string; worksOn: boolean }[] = [
  { server: 'works-on', file: fileURLToPath(import.meta.resolve('./works-on.ts')), worksOn: true },
  {
    server: 'stops-work',
    file: fileURLToPath(import.meta.resolve('../clean/stops-work.ts')),
    worksOn: false,
  },
];

export const faults: Readonly<Record<string, Fault>> = {
  'never-cleared': fault('never-cleared', 'setInterval('),
  unrefed: fault('unrefed', 'setInterval('),
  'body-read-first': fault('body-read-first', 'setInterval('),
  'closes-at-once': fault('closes-at-once', undefined, { leaksIn: [], unexpectedIn: ['post'] }),
  'awaits-first': fault('awaits-first', 'setInterval(', {
    leaksIn: ['early', 'random'],
    perDisconnect: null,
  }),
  'hono-loop': fault('hono-loop', 'stream.sleep('),
  'no-cancel': fault('no-cancel', 'setInterval('),
  'koa-passthrough': fault('koa-passthrough', 'setInterval('),
  'better-sse-post': fault('better-sse-post', 'setInterval(', {
    leaksIn: ['post'],
    also: ['listener 1.00', 'timer 1.00'],
  }),
  listeners: fault('listeners', 'ticker.on(', { kind: 'listener' }),
  'bus-loop': fault('bus-loop', 'of on(', { kind: 'listener', also: ['listener 1.00'] }),
  // Node's own client listens to its connection.
  'endless-fetch': fault('endless-fetch', 'await fetch(', {
    kind: 'listener',
    perDisconnect: 2,
    also: [...Array<string>(5).fill('listener 1.00'), 'socket 1.00'],
  }),
  'shared-signal': fault('shared-signal', 'addEventListener(', { kind: 'listener' }),
  'room-timers': fault('room-timers', 'setInterval(', { also: ['entry 1.00'] }),
  // A crowd that disconnects before the headers can be several groups.
  'shared-source': fault('shared-source', 'setInterval(', { perDisconnect: null }),
  'open-files': fault('open-files', 'openSync(', { kind: 'descriptor' }),
  'child-process': fault('child-process', 'spawn(', { kind: 'process' }),
  'worker-thread': fault('worker-thread', 'new Worker(', { kind: 'thread' }),
  'message-port': fault('message-port', 'new MessageChannel(', { kind: 'port', perDisconnect: 2 }),
  'file-watcher': fault('file-watcher', 'watch(file', { kind: 'watcher' }),
  'fastify-sse-v2': fault('fastify-sse-v2', 'await sleep('),
  'user-map': fault('user-map', 'visits.set(', { kind: 'entry' }),
  'dead-responses': fault('dead-responses', 'audience.add(', { kind: 'entry' }),
  'promise-loop': fault('promise-loop', 'setInterval(intervalOf'),
  'waits-forever': fault('waits-forever', 'await nextOrder', { kind: 'generator' }),
  'shutdown-race': fault('shutdown-race', undefined, { kind: 'promise', perDisconnect: null }),
  'plain-dictionary': fault('plain-dictionary', undefined, { kind: 'heap', perDisconnect: null }),
  // Its origin runs in a thread, so the process has both ends of each connection.
  'deaf-proxy': fault('deaf-proxy', 'get(`http', {
    kind: 'socket',
    also: ['timer 1.00', 'socket 1.00'],
  }),
  'keeps-events': fault('keeps-events', undefined, {
    kind: 'growth',
    perDisconnect: null,
    leaksIn: ['hold'],
  }),
  'no-backpressure': fault('no-backpressure', undefined, {
    kind: 'memory',
    perDisconnect: null,
    leaksIn: ['stop-reading'],
  }),
  'slow-queue': fault('slow-queue', undefined, {
    kind: 'memory',
    perDisconnect: null,
    leaksIn: ['stop-reading'],
  }),
};
