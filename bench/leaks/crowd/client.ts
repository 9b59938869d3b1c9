/** One client: opens a stream, and leaves in the way and at the moment that it is told. */
import { request as requestHttp, type IncomingMessage } from 'node:http';
import type { CloseMethod } from '../../scenario/scenario.ts';
import { request as requestHttps } from 'node:https';
import type { Socket } from 'node:net';
import { createEventReader } from '../../stream/events.ts';
import { failureCause, failureMessage } from '../../stream/failure.ts';
import { stays, type CrowdTask } from './task.ts';

/** What one client saw. */
export interface Visit {
  headersMs: number | undefined;
  events: number;
  ended: boolean;
  /** When it began to leave, on the clock that all processes of a machine share. */
  leftNs: number | undefined;
  failure: { cause: string; message: string } | undefined;
}

/** How long a client that left by FIN keeps its socket, so that its FIN is met before a reset. */
const finReadMs = 100;
/** How long one that only half-closed waits for the server's side. */
const halfCloseMs = 1_000;

export interface Client {
  /** Resolves when it has left; where it stays until it is told to leave, when it has seen what it waits for. */
  seen: Promise<Visit>;
  /** Resolves when it has left. */
  leave(): Promise<void>;
}

export function visit(task: CrowdTask, random: () => number): Client {
  const { when, closeMethod, method } = task.leave;
  const url = new URL(task.url);
  const body = method === 'POST' ? JSON.stringify(task.body) : undefined;
  const seen: Visit = {
    headersMs: undefined,
    events: 0,
    ended: false,
    leftNs: undefined,
    failure: undefined,
  };
  const startMs = performance.now();
  const { promise: seenAll, resolve } = Promise.withResolvers<Visit>();
  let over = false;

  const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, {
    method,
    agent: false,
    ...(task.localAddress !== undefined && { localAddress: task.localAddress, family: 4 }),
    headers: {
      accept: 'text/event-stream',
      ...(body !== undefined && {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
      }),
      ...task.headers,
    },
  });

  const goes = () =>
    new Promise<void>((left) => {
      if (seen.leftNs === undefined) seen.leftNs = Number(process.hrtime.bigint());
      leave(request.socket, closeMethod, left);
      if (!request.socket) request.destroy();
    });
  function end(report: () => void = () => {}) {
    if (over) return;
    over = true;
    clearTimeout(timer);
    report();
    const isThere = seen.failure === undefined && !seen.ended;
    if (isThere && stays(task.leave)) resolve(seen);
    else void goes().then(() => resolve(seen));
  }
  let timer = setTimeout(end, task.patienceMs);
  // Who has not asked yet disturbs no handler.
  request.once('finish', () => {
    if (over || waits(task.leave)) return;
    clearTimeout(timer);
    timer = setTimeout(end, momentMs(task, random));
  });
  const reader = createEventReader({
    event() {
      if (++seen.events >= task.events && when === 'after events') end();
    },
    comment() {},
    tooLong: (message) => end(() => (seen.failure = { cause: 'event too long', message })),
  });

  request.on('response', (response: IncomingMessage) => {
    const type = response.headers['content-type'] ?? '(none)';
    if (response.statusCode !== 200)
      return end(
        () =>
          (seen.failure = {
            cause: `status ${response.statusCode}`,
            message: response.statusMessage ?? '',
          }),
      );
    if (!/^text\/event-stream\s*(;|$)/i.test(type))
      return end(
        () => (seen.failure = { cause: 'not an event stream', message: `Content-Type: ${type}` }),
      );
    seen.headersMs = performance.now() - startMs;
    if (when === 'when blocked') return end(() => response.pause());
    if (when === 'after events' && task.events === 0) return end();
    response.on('data', (bytes: Buffer) => !over && reader.feed(bytes));
    response.on('end', () => end(() => (seen.ended = true)));
    return undefined;
  });
  request.on('error', (error) =>
    end(
      () =>
        (seen.failure = {
          cause: failureCause(error, seen.headersMs !== undefined),
          message: failureMessage(error),
        }),
    ),
  );
  request.on('close', () => end(() => (seen.ended = true)));
  request.end(body);
  return { seen: seenAll, leave: goes };
}

/** Whether a client waits for something to happen, and not for a moment. */
const waits = ({ when }: CrowdTask['leave']) => when === 'after events' || when === 'when blocked';

/** How long after its request a client leaves that does not wait for events. */
function momentMs({ leave: { when }, headersMs }: CrowdTask, random: () => number): number {
  return random() * headersMs * (when === 'before headers' ? 0.5 : 2);
}

function leave(socket: Socket | null, closeMethod: CloseMethod, left: () => void) {
  if (!socket || socket.destroyed) return left();
  if (closeMethod === 'reset') {
    socket.resetAndDestroy();
    return left();
  }
  const drop = () => {
    socket.destroy();
    left();
  };
  const timer = setTimeout(drop, closeMethod === 'half-close' ? halfCloseMs : finReadMs);
  socket.once('close', () => {
    clearTimeout(timer);
    left();
  });
  return void socket.end();
}
