/**
 * Clients whose stream was cut, and which reconnect as an EventSource does: after the time that the
 * server has asked for (`retry:`), with the id of the last event. See HTML standard, section 9.2.3,
 * "reestablish the connection". Unlike an EventSource, they also reconnect if the server refuses
 * them with a status other than 200.
 */
import type { Clock } from '../system/clock.ts';
import type { Reconnects } from '../measure/reconnects.ts';
import { randomFrom } from '../statistics/random.ts';
import type { LoadTask } from './task.ts';

export interface ReconnectingOptions {
  streams: number;
  cut: NonNullable<LoadTask['cut']>;
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
   * @returns whether it reconnects. Once it was cut it always does. Before the cut, or if it was
   * never open, it does not.
   */
  lost(stream: number, hadAnswer: boolean, cause: string, message: string): boolean;
  /** Stops all reconnects from now on. @returns the streams that were waiting to reconnect */
  stop(): number[];
}

/**
 * The longest wait after any number of failed attempts, unless the server asks for a longer one.
 */
const longestBackOffMs = 30_000;

export function createReconnecting({
  streams,
  cut,
  seed,
  clock,
  reconnects,
  open,
}: ReconnectingOptions): Reconnecting {
  const random = randomFrom(seed);
  const retryMs = new Float64Array(streams).fill(cut.retryMs);
  const failed = new Uint32Array(streams);
  const lastIds = new Map<number, string>();
  const waiting = new Map<number, NodeJS.Timeout>();
  let isOver = false;

  /** The standard asks for the server's time, and allows a longer wait after a failure. */
  function waitMs(stream: number): number {
    const serverMs = Math.max(1, retryMs[stream]!);
    const backOffMs = Math.min(
      serverMs * 2 ** failed[stream]!,
      Math.max(serverMs, longestBackOffMs),
    );
    return Math.ceil(backOffMs + random() * cut.jitterMs);
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
      if (serverMs !== cut.retryMs) reconnects.waitChanged(serverMs);
    },
    lost(stream, hadAnswer, cause, message) {
      const nowNs = clock.nowNs();
      if (isOver || nowNs < cut.atNs) return false;
      if (reconnects.isDisconnected(stream)) {
        failed[stream]!++;
        reconnects.attemptFailed(cause, message);
      } else if (reconnects.wasCut(stream)) {
        failed[stream] = 0;
        reconnects.lostAgain(stream, cause, message);
      } else if (hadAnswer) reconnects.cut(stream);
      else return false;
      const afterMs = waitMs(stream);
      waiting.set(stream, setTimeout(reconnect, afterMs, stream, nowNs + afterMs * 1e6));
      return true;
    },
    stop() {
      isOver = true;
      for (const timer of waiting.values()) clearTimeout(timer);
      return [...waiting.keys()];
    },
  };
}
