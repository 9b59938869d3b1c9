/**
 * One client: opens a stream, and disconnects in the way and at the moment that its task defines.
 */
import { request as requestHttp, type IncomingMessage } from 'node:http';
import type { CloseMethod } from '../../scenario/scenario.ts';
import { request as requestHttps } from 'node:https';
import type { Socket } from 'node:net';
import { createEventReader } from '../../stream/events.ts';
import { failureCause, failureMessage } from '../../stream/failure.ts';
import { staysConnected, type CrowdTask } from './task.ts';

/** Observations of one client. */
export interface Visit {
  headersMs: number | undefined;
  events: number;
  ended: boolean;
  /** Start of the disconnect, in nanoseconds of the clock that all processes of a machine share. */
  disconnectedNs: number | undefined;
  failure: { cause: string; message: string } | undefined;
}

/**
 * How long a client keeps its socket after its FIN, so that the server sees the FIN before a reset.
 */
const finReadMs = 100;
/** How long a half-closed client waits for the server to close its side. */
const halfCloseMs = 1_000;

export interface Client {
  /**
   * Resolves when the client has disconnected. If it stays until `disconnect` is called, resolves when
   * it has seen what it waits for.
   */
  seen: Promise<Visit>;
  /** Disconnects. Resolves when the client has disconnected. */
  disconnect(): Promise<void>;
}

export function visit(task: CrowdTask, random: () => number): Client {
  const { when, closeMethod, method } = task.mode;
  const url = new URL(task.url);
  const body = method === 'POST' ? JSON.stringify(task.body) : undefined;
  const seen: Visit = {
    headersMs: undefined,
    events: 0,
    ended: false,
    disconnectedNs: undefined,
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

  const disconnect = () =>
    new Promise<void>((disconnected) => {
      if (seen.disconnectedNs === undefined) seen.disconnectedNs = Number(process.hrtime.bigint());
      closeSocket(request.socket, closeMethod, disconnected);
      if (!request.socket) request.destroy();
    });
  function end(report: () => void = () => {}) {
    if (over) return;
    over = true;
    clearTimeout(timer);
    report();
    const isThere = seen.failure === undefined && !seen.ended;
    if (isThere && staysConnected(task.mode)) resolve(seen);
    else void disconnect().then(() => resolve(seen));
  }
  let timer = setTimeout(end, task.patienceMs);
  // The delay starts after the request is sent: an earlier disconnect would not reach any handler
  // of the server.
  request.once('finish', () => {
    if (over || waits(task.mode)) return;
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
  return { seen: seenAll, disconnect };
}

/** Whether the client waits for an event or a full buffer, and not for a moment in time. */
const waits = ({ when }: CrowdTask['mode']) => when === 'after events' || when === 'when blocked';

/** Random delay between the request and the disconnect, for clients that do not wait for events. */
function momentMs({ mode: { when }, headersMs }: CrowdTask, random: () => number): number {
  return random() * headersMs * (when === 'before headers' ? 0.5 : 2);
}

function closeSocket(socket: Socket | null, closeMethod: CloseMethod, closed: () => void) {
  if (!socket || socket.destroyed) return closed();
  if (closeMethod === 'reset') {
    socket.resetAndDestroy();
    return closed();
  }
  const drop = () => {
    socket.destroy();
    closed();
  };
  const timer = setTimeout(drop, closeMethod === 'half-close' ? halfCloseMs : finReadMs);
  socket.once('close', () => {
    clearTimeout(timer);
    closed();
  });
  return void socket.end();
}
