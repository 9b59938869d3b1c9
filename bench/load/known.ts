/** What is known of each stream of a load: when it was opened, what it brought, and when we did not read it. */
import type { Reconnects } from '../measure/reconnects.ts';
import type { OpenStream } from '../stream/stream.ts';
import type { Arrival } from './arrival.ts';
import { createPace } from './pace.ts';
import type { LoadTask } from './task.ts';

/** What is known of a stream at a moment. Time in which we did not read it, since we were busy, counts nowhere. */
export interface Known {
  /** Whether we do not read it at the moment, or have not decoded all that came. */
  isPaused: boolean;
  hasResponse: boolean;
  /** Since it brought something, or was opened. */
  silentMs: number;
  /** Since the first bytes of its body; 0 before them. */
  bodyMs: number;
  /** What came of its body, in words, if that was no whole event. */
  stray(): string | undefined;
  /** Whether its lifetime is limited: such streams arrive until the end. */
  comesAndGoes: boolean;
  /** Where the server is told to cut the streams: whether this one was, and is back. */
  cut: 'awaited' | 'away' | 'back' | undefined;
  /** What is unusual about its silence, where nobody knows the interval of the server. */
  unusualSilence: string | undefined;
}

/** Takes what happens to streams, by their indexes; times are nanoseconds of the common clock. */
export interface Knowledge {
  /** It is opened, for the first time or again. */
  connecting(stream: number, atNs: number): void;
  headers(stream: number, atNs: number): void;
  body(stream: number, atNs: number): void;
  event(stream: number): void;
  /** We read it no more, since what it sent is not decoded yet; or read on. */
  busy(stream: number, isBusy: boolean, atNs: number): void;
  /** Its connection is over: nothing is left to read of it. */
  lost(stream: number): void;
  hasResponse(stream: number): boolean;
  /** A piece of what it sent was decoded, which may be long after it was read. */
  decoded(stream: number, atNs: number): void;
  of(stream: number, atNs: number, opened: OpenedStream | undefined): Known;
}

/** What a stream itself knows. */
export type OpenedStream = Pick<OpenStream, 'isBehind' | 'strayBytes'>;

export interface KnowledgeOptions {
  arrivals: readonly Arrival[];
  task: Pick<LoadTask, 'keepsOwnPace'>;
  reconnects: Pick<Reconnects, 'isAway' | 'wasCut'> | undefined;
}

export function createKnowledge({ arrivals, task, reconnects }: KnowledgeOptions): Knowledge {
  /** When each was opened or last brought something, or when we read on. */
  const lastNs = new Float64Array(arrivals.length);
  const hasResponse = new Uint8Array(arrivals.length);
  /** When the first bytes of the body came, and since when we do not read; 0 where neither is so. */
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
      isPaused: busySinceNs[stream] !== 0 || opened?.isBehind() === true,
      hasResponse: hasResponse[stream] === 1,
      silentMs: (atNs - lastNs[stream]!) / 1e6,
      bodyMs: firstBodyNs[stream] === 0 ? 0 : (atNs - firstBodyNs[stream]!) / 1e6,
      stray: () => opened?.strayBytes(),
      comesAndGoes: arrivals[stream]!.leaveAtMs !== undefined,
      cut: cutOf(reconnects, stream),
      unusualSilence: ownPace?.silence(stream, atNs),
    }),
  };
}

function cutOf(reconnects: KnowledgeOptions['reconnects'], stream: number): Known['cut'] {
  if (reconnects === undefined) return undefined;
  if (reconnects.isAway(stream)) return 'away';
  return reconnects.wasCut(stream) ? 'back' : 'awaited';
}
