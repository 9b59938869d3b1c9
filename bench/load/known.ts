/**
 * The history of each stream: when it was opened, what it received, and when we did not read it.
 */
import type { Reconnects } from '../measure/reconnects.ts';
import type { OpenStream } from '../stream/stream.ts';
import type { Arrival } from './arrival.ts';
import { createPace } from './pace.ts';
import type { LoadTask } from './task.ts';

/** The state of a stream at a moment. Time in which we were too busy to read it does not count. */
export interface Known {
  /** Whether it is open, or being opened. */
  isOpen: boolean;
  /** Whether we do not read it at the moment, or have not yet decoded all received bytes. */
  isPaused: boolean;
  hasResponse: boolean;
  /** Time since the stream last received something, or since it was opened. */
  silentMs: number;
  /** Time since the first bytes of the body; 0 before them. */
  bodyMs: number;
  /** Describes the received body bytes, if they contain no whole event. */
  stray(): string | undefined;
  /** Whether its lifetime is limited. Such streams arrive until the end. */
  hasLifetime: boolean;
  /**
   * If the plan cuts streams: whether this one was cut, and whether it is back. If clients reconnect
   * whenever their stream ends: whether this one waits for events, or its last attempt has failed.
   */
  cut: ReturnType<Reconnects['stateOf']>;
  /** Describes an unusual silence. Used only if the server's interval is unknown. */
  unusualSilence: string | undefined;
}

/** Records what happens to streams, by stream index. Times are nanoseconds of the common clock. */
export interface Knowledge {
  /** The stream is opened, for the first time or again. */
  connecting(stream: number, atNs: number): void;
  headers(stream: number, atNs: number): void;
  body(stream: number, atNs: number): void;
  event(stream: number): void;
  /** We stop reading, since received bytes are not decoded yet, or we resume. */
  busy(stream: number, isBusy: boolean, atNs: number): void;
  /** The connection is over, and nothing is left to read. */
  lost(stream: number): void;
  hasResponse(stream: number): boolean;
  /** Received bytes were decoded, possibly long after they were read. */
  decoded(stream: number, atNs: number): void;
  of(stream: number, atNs: number, opened: OpenedStream | undefined): Known;
}

/** The part of the state that the stream itself knows. */
export type OpenedStream = Pick<OpenStream, 'isBehind' | 'strayBytes'>;

export interface KnowledgeOptions {
  arrivals: readonly Arrival[];
  task: Pick<LoadTask, 'keepsOwnPace'>;
  reconnects: Pick<Reconnects, 'stateOf'> | undefined;
}

export function createKnowledge({ arrivals, task, reconnects }: KnowledgeOptions): Knowledge {
  /** When each stream was opened, last received something, or was read again. */
  const lastNs = new Float64Array(arrivals.length);
  const hasResponse = new Uint8Array(arrivals.length);
  /** When the first body bytes came, and since when we do not read; 0 means never or not now. */
  const firstBodyNs = new Float64Array(arrivals.length);
  const busySinceNs = new Float64Array(arrivals.length);
  const ownPace = task.keepsOwnPace ? createPace(arrivals.length) : undefined;

  function readOn(stream: number, atNs: number) {
    if (firstBodyNs[stream] !== 0) firstBodyNs[stream]! += atNs - busySinceNs[stream]!;
    lastNs[stream] = atNs;
    ownPace?.readOn(stream, atNs);
  }
  return {
    connecting(stream, atNs) {
      lastNs[stream] = atNs;
      hasResponse[stream] = 0;
      firstBodyNs[stream] = 0;
      busySinceNs[stream] = 0;
    },
    headers(stream, atNs) {
      lastNs[stream] = atNs;
      hasResponse[stream] = 1;
      ownPace?.readOn(stream, atNs); // the time between two connections is no silence
    },
    body(stream, atNs) {
      lastNs[stream] = atNs;
      if (firstBodyNs[stream] === 0) firstBodyNs[stream] = atNs;
      ownPace?.read(stream, atNs);
    },
    event: (stream) => ownPace?.event(stream),
    busy(stream, isBusy, atNs) {
      if (!isBusy) readOn(stream, atNs);
      busySinceNs[stream] = isBusy ? atNs : 0;
    },
    decoded(stream, atNs) {
      lastNs[stream] = atNs;
      ownPace?.readOn(stream, atNs);
    },
    lost: (stream) => void (busySinceNs[stream] = 0),
    hasResponse: (stream) => hasResponse[stream] === 1,
    of: (stream, atNs, opened) => ({
      isOpen: opened !== undefined,
      isPaused: busySinceNs[stream] !== 0 || opened?.isBehind() === true,
      hasResponse: hasResponse[stream] === 1,
      silentMs: (atNs - lastNs[stream]!) / 1e6,
      bodyMs: firstBodyNs[stream] === 0 ? 0 : (atNs - firstBodyNs[stream]!) / 1e6,
      stray: () => opened?.strayBytes(),
      hasLifetime: arrivals[stream]!.disconnectAtMs !== undefined,
      cut: reconnects?.stateOf(stream),
      unusualSilence: ownPace?.silence(stream, atNs),
    }),
  };
}
