/**
 * Clients whose stream is over, and which reconnect as an EventSource does: after the time that the
 * server has asked for (`retry:`), with the id of the last event. See HTML standard, section 9.2.3,
 * "reestablish the connection". Unlike an EventSource, they also reconnect if the server refuses
 * them with a status other than 200.
 */
import type { Clock } from '../system/clock.ts';
import type { Reconnects } from '../measure/reconnects.ts';
import { randomFrom } from '../statistics/random.ts';
import type { ReconnectTask } from './task.ts';

export interface ReconnectingOptions {
  streams: number;
  task: ReconnectTask;
  seed: number;
  clock: Clock;
  reconnects: Reconnects;
  /** Opens a stream again. */
  open(stream: number, headers: Record<string, string>): void;
}

export interface Reconnecting {
  /** Takes what the server sends for the next reconnect. */
  idOf(stream: number, id: string): void;
  retryOf(stream: number, waitMs: number): void;
  /**
   * Reports that a stream is over.
   *
   * @param hadAnswer whether its response had begun
   * @returns whether it reconnects. Once it was lost it always does. Before a planned cut, or if it
   * was never open, it does not.
   */
  lost(stream: number, hadAnswer: boolean, cause: string, message: string): boolean;
  /** Stops the reconnects of one stream. @returns whether it was waiting to reconnect */
  giveUp(stream: number): boolean;
  /** Stops all reconnects from now on. @returns the streams that were waiting to reconnect */
  stop(): number[];
}

/**
 * The longest wait after any number of failed attempts, unless the server asks for a longer one.
 */
const longestBackOffMs = 30_000;

export function createReconnecting({
  streams,
  task,
  seed,
  clock,
  reconnects,
  open,
}: ReconnectingOptions): Reconnecting {
  const random = randomFrom(seed);
  const retryMs = new Float64Array(streams).fill(task.retryMs);
  const failed = new Uint32Array(streams);
  const lastIds = new Map<number, string>();
  const waiting = new Map<number, NodeJS.Timeout>();
  const fromNs = task.cut?.atNs ?? -Infinity;
  let isOver = false;

  /** The standard asks for the server's time, and allows a longer wait after a failure. */
  function waitMs(stream: number): number {
    const serverMs = Math.max(1, retryMs[stream]!);
    const backOffMs = Math.min(
      serverMs * 2 ** failed[stream]!,
      Math.max(serverMs, longestBackOffMs),
    );
    return Math.ceil(backOffMs + random() * task.jitterMs);
  }

  function reconnect(stream: number, intendedNs: number) {
    waiting.delete(stream);
    reconnects.attempted(intendedNs, clock.nowNs());
    const lastId = lastIds.get(stream);
    // The standard asks for UTF-8. Node writes a header as Latin-1, one byte for each character.
    open(
      stream,
      lastId === undefined ? {} : { 'last-event-id': Buffer.from(lastId).toString('latin1') },
    );
  }

  return {
    idOf(stream, id) {
      // An empty id resets the last one.
      if (id === '') lastIds.delete(stream);
      else lastIds.set(stream, id);
    },
    retryOf(stream, serverMs) {
      retryMs[stream] = serverMs;
      if (serverMs !== task.retryMs) reconnects.waitChanged(serverMs);
    },
    lost(stream, hadAnswer, cause, message) {
      const nowNs = clock.nowNs();
      if (isOver || nowNs < fromNs) return false;
      if (reconnects.isDisconnected(stream)) {
        failed[stream]!++;
        reconnects.attemptFailed(stream, cause, message);
      } else if (reconnects.wasCut(stream)) {
        failed[stream] = 0;
        reconnects.lostAgain(stream, nowNs, cause, message);
      } else if (hadAnswer) {
        failed[stream] = 0;
        reconnects.lost(stream, nowNs, cause);
      } else return false;
      const afterMs = waitMs(stream);
      waiting.set(stream, setTimeout(reconnect, afterMs, stream, nowNs + afterMs * 1e6));
      return true;
    },
    giveUp(stream) {
      clearTimeout(waiting.get(stream));
      return waiting.delete(stream);
    },
    stop() {
      isOver = true;
      for (const timer of waiting.values()) clearTimeout(timer);
      return [...waiting.keys()];
    },
  };
}
