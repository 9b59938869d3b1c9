/**
 * One client: opens a stream, and disconnects in the way and at the moment that its task defines.
 */
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { CloseMethod } from '../../scenario/scenario.ts';
import type { Failure } from '../../stream/answer.ts';
import { readBody, type Body } from '../../stream/body.ts';
import { compressionOf, encodingsOf } from '../../stream/encoding.ts';
import { send, type Agents } from '../../stream/node-request.ts';
import { failureAfter } from '../../stream/redirect.ts';
import { resetSocket } from '../../stream/sockets.ts';
import { shownMessage } from '../../stream/shown-message.ts';
import type { StreamRequest } from '../../stream/stream-request.ts';
import { staysConnected, type CrowdTask } from './task.ts';

/** Observations of one client. */
export interface Visit {
  /** The time to headers, counted from the last request if there were redirects. */
  headersMs: number | undefined;
  /** Redirects before the stream. */
  redirects: number;
  events: number;
  /** Whether it disconnected before it had all events, because it was not to stay for them. */
  hurried: boolean;
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

export function visit(
  task: CrowdTask,
  streamRequest: StreamRequest,
  agents: Agents,
  random: () => number,
): Client {
  const { when, closeMethod, staysOpen } = task.mode;
  const seen: Visit = {
    headersMs: undefined,
    redirects: 0,
    events: 0,
    hurried: false,
    ended: false,
    disconnectedNs: undefined,
    failure: undefined,
  };
  const { promise: seenAll, resolve } = Promise.withResolvers<Visit>();
  let startMs = performance.now();
  let over = false;

  const disconnect = () =>
    new Promise<void>((disconnected) => {
      body?.close();
      if (seen.disconnectedNs === undefined) seen.disconnectedNs = Number(process.hrtime.bigint());
      const request = sent.current();
      closeSocket(request.socket, closeMethod, disconnected);
      if (!request.socket) request.destroy();
    });
  function end(report: () => void = () => {}) {
    if (over) return;
    over = true;
    sent.stop();
    clearTimeout(timer);
    if (!staysOpen) body?.close();
    report();
    const isThere = seen.failure === undefined && !seen.ended;
    if (isThere && staysConnected(task.mode)) resolve(seen);
    else void disconnect().then(() => resolve(seen));
  }
  const fail = (cause: string, message: string) =>
    end(() => (seen.failure = { cause, message: shownMessage(message, streamRequest) }));
  let timer = setTimeout(end, task.patienceMs);
  /** Must be called at each moment after which a client may not stay for long. */
  function passed(moment: NonNullable<CrowdTask['stay']>['after']) {
    if (over || task.stay?.after !== moment) return;
    clearTimeout(timer);
    timer = setTimeout(() => end(() => (seen.hurried = true)), task.stay.ms);
  }
  const observer = {
    event() {
      if (++seen.events >= task.events && when === 'after events') end();
      else if (seen.events === 1) passed('first event');
    },
    comment() {},
  };
  let body: Body | undefined;

  const sent = send(streamRequest, agents, {
    // The delay starts after the request is sent: an earlier disconnect would not reach any handler
    // of the server.
    sent(redirects) {
      if (redirects > 0) startMs = performance.now();
      if (over || waits(task.mode) || redirects < task.redirects) return;
      clearTimeout(timer);
      timer = setTimeout(end, momentMs(task, random));
    },
    response(response, redirects, url) {
      const refusal = whyNoStream(response);
      if (refusal) return fail(refusal[0], failureAfter(redirects, url, refusal[1]));
      seen.headersMs = performance.now() - startMs;
      seen.redirects = redirects;
      if (when === 'when blocked') return end(() => response.pause());
      if (when === 'after events' && task.events === 0) return end();
      passed('headers');
      const encoding = compressionOf(encodingsOf(response.headers['content-encoding']));
      const opened = (body = readBody(encoding, observer, {
        busy: (isBusy) => (isBusy ? response.pause() : response.resume()),
        failed: fail,
      }));
      response.on('data', (bytes: Buffer) => (!over || staysOpen) && opened.feed(bytes));
      response.on('end', () => end(() => (seen.ended = true)));
      return undefined;
    },
    failed: fail,
    closed: () => end(() => (seen.ended = true)),
  });
  return { seen: seenAll, disconnect };
}

function whyNoStream({
  statusCode,
  statusMessage = '',
  headers,
}: IncomingMessage): Failure | undefined {
  if (statusCode !== 200) return [`status ${statusCode}`, statusMessage];
  const type = headers['content-type'] ?? '(none)';
  return /^text\/event-stream\s*(;|$)/i.test(type)
    ? undefined
    : ['not an event stream', `Content-Type: ${type}`];
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
    resetSocket(socket);
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
