/**
 * Connects to V8's inspector: over a WebSocket to another process, or within this process without a
 * port.
 */
import { Session } from 'node:inspector';
import { WebSocket } from 'undici';
import { within } from '../system/deadline.ts';

type EventListener = (params: never) => void;

/** A session of the Chrome DevTools Protocol, version 1.3. */
export interface InspectorChannel {
  /** @throws if the request is refused, or the session is over */
  send<Result>(method: string, params?: object): Promise<Result>;
  /** Calls back with the parameters of each event, such as `Debugger.scriptParsed`. */
  on(event: string, listener: EventListener): void;
  /** Resolves when the session is over, or after a short limit if the process does not answer. */
  close(): Promise<void>;
}

/**
 * Finding objects needs a full garbage collection: 6 s for a heap of 200 MB, on a separate core.
 */
const answerWithinMs = 60_000;
const closesWithinMs = 1_000;
/** The process wants to end, and waits until its inspector sessions are closed. */
const waitingForUs = 'NodeRuntime.waitingForDisconnect';

/** @param url the inspector's own address, which it prints when it opens */
export async function channelTo(url: string): Promise<InspectorChannel> {
  const socket = new WebSocket(url);
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  const listeners: [event: string, EventListener][] = [];
  let lastId = 0;

  socket.addEventListener('message', ({ data }) => {
    const { id, result, error, method, params } = JSON.parse(String(data));
    if (method === waitingForUs) socket.close();
    for (const [event, listener] of listeners) if (event === method) listener(params as never);
    const answer = waiting.get(id);
    waiting.delete(id);
    if (error) answer?.reject(new Error(`inspector: ${error.message}`));
    else answer?.resolve(result);
  });
  const over = 'the inspector closed the session';
  const closed = Promise.withResolvers<void>();
  socket.addEventListener('close', () => {
    for (const { reject } of waiting.values()) reject(new Error(over));
    waiting.clear();
    closed.resolve();
  });
  const opened = new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve());
    for (const event of ['error', 'close'] as const) {
      socket.addEventListener(event, () => reject(new Error(`no inspector at ${url}`)));
    }
  });
  await within(
    answerWithinMs,
    `the inspector at ${url} did not answer within ${answerWithinMs / 1000} s`,
    opened,
  );

  async function send<Result>(method: string, params: object = {}) {
    // The message would be lost silently.
    if (socket.readyState !== WebSocket.OPEN) throw new Error(over);
    const id = ++lastId;
    const answer = Promise.withResolvers<unknown>();
    waiting.set(id, answer);
    socket.send(JSON.stringify({ id, method, params }));
    return within(
      answerWithinMs,
      `inspector: no answer to ${method} within ${answerWithinMs / 1000} s`,
      answer.promise as Promise<Result>,
    );
  }
  // Deno does not wait, and refuses this.
  await send('NodeRuntime.notifyWhenWaitingForDisconnect', { enabled: true }).catch(() => {});
  return {
    send,
    on: (event, listener) => void listeners.push([event, listener]),
    close() {
      socket.close();
      return within(closesWithinMs, 'the session does not end', closed.promise).catch(() => {});
    },
  };
}

/** Inspects the calling thread. Opens no port, so no other program can connect. */
export function channelWithin(): InspectorChannel {
  const session = new Session();
  session.connect();
  return {
    send: <Result>(method: string, params: object = {}) =>
      new Promise<Result>((resolve, reject) => {
        session.post(method, params, (error, result) =>
          error ? reject(error) : resolve(result as Result),
        );
      }),
    on: (event, listener) =>
      void session.on(event, ({ params }: { params: never }) => listener(params)),
    close: async () => session.disconnect(),
  };
}
