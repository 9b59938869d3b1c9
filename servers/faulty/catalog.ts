/** The faulty servers: one row each, with what must be found of it. Data, and nothing that runs. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What a faulty server does wrong, and where. */
export interface Fault {
  file: string;
  /** The modes in which it leaks: all, or some; in the others it is clean. */
  leaksIn: 'all' | readonly string[];
  kind: 'timer' | 'listener' | 'socket' | 'response' | 'memory';
  /** `null` where there is no exact figure: of a rate, and of what depends on the moment at which a client leaves. */
  perDisconnect: number | null;
  /** The line that must be named; `undefined` where none can be. */
  line: number | undefined;
  /** What else leaks with it, by kind and number. */
  also: readonly string[];
  /** Modes in which its clients see what they should not. */
  oddIn: readonly string[];
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
    oddIn: [],
    also: [],
    ...about,
  };
}

export const faults: Readonly<Record<string, Fault>> = {
  'never-cleared': fault('never-cleared', 'setInterval('),
  unrefed: fault('unrefed', 'setInterval('),
  'body-read-first': fault('body-read-first', 'setInterval('),
  'closes-at-once': fault('closes-at-once', undefined, { leaksIn: [], oddIn: ['post'] }),
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
  'fastify-sse-v2': fault('fastify-sse-v2', 'await sleep('),
  'dead-responses': fault('dead-responses', undefined, { kind: 'response' }),
  'promise-loop': fault('promise-loop', 'setInterval(intervalOf'),
  // Its origin is a thread of it, so that the process has both ends of each connection.
  'deaf-proxy': fault('deaf-proxy', undefined, {
    kind: 'socket',
    perDisconnect: 2,
    also: ['timer 1.00'],
  }),
  'no-backpressure': fault('no-backpressure', undefined, {
    kind: 'memory',
    perDisconnect: null,
    leaksIn: ['stop-reading'],
  }),
};
