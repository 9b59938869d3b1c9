/** Clients of a server that is told to stop: what came on each stream, and how it ended. */
import { Agent, get, type IncomingMessage } from 'node:http';
import { readCounterData } from '../../measure/counter-data.ts';
import { countUp } from '../../measure/failure-counts.ts';
import { createSequenceAudit } from '../../measure/sequence.ts';
import type { Causes } from '../../result/recording.ts';
import { createEventReader } from '../../stream/events.ts';
import { failureCause, failureMessage } from '../../stream/failure.ts';

type End = 'properly' | 'cut' | 'in an event';

interface Watched {
  isOpen: boolean;
  /** Whether it was open when the server was told to stop. */
  wasOpen: boolean;
  end: End | undefined;
  retrySeen: boolean;
}

export interface WatchedStreams {
  start(stream: number): void;
  open(): number;
  events(): number;
  failures: Causes;
  /** The server is told to stop now: streams that are over by now were lost before. */
  tellToStop(): void;
  /** What is open now stays so in the findings. */
  freeze(): void;
  /** Resolves when no stream is open. */
  over: Promise<void>;
  findings(): {
    streams: number;
    endedProperly: number;
    cut: number;
    cutInEvent: number;
    stillOpen: number;
    retrySeen: number;
    received: number;
    /** Numbers that never came though higher ones did. */
    missing: number;
  };
  /** Closes all connections. */
  close(): void;
}

export function watchStreams(
  url: string,
  headers: Readonly<Record<string, string>>,
  count: number,
): WatchedStreams {
  // Connections are kept for later requests, as browsers and proxies keep them.
  const agent = new Agent({ keepAlive: true, maxSockets: Infinity });
  const audit = createSequenceAudit(count, 0);
  const streams = Array.from({ length: count }, (): Watched => {
    return { isOpen: false, wasOpen: false, end: undefined, retrySeen: false };
  });
  const failures: Causes = {};
  const { promise: over, resolve: allOver } = Promise.withResolvers<void>();
  const openNow = () => streams.filter(({ isOpen }) => isOpen).length;
  let events = 0;
  let isStopping = false;
  let isFrozen = false;

  function read(stream: number, response: IncomingMessage) {
    const watched = streams[stream]!;
    const tail = createTail();
    const reader = createEventReader({
      event(data) {
        events++;
        const { counted } = readCounterData(data);
        if (counted !== undefined) audit.record(stream, Number(counted));
      },
      retry: () => void (watched.retrySeen = true),
      comment() {},
      tooLong: (message) => void response.destroy(new Error(message)),
    });
    watched.isOpen = true;
    response.on('data', (chunk: Buffer) => {
      tail.feed(chunk);
      reader.feed(chunk);
    });
    response.on('error', () => {}); // 'close' follows
    response.once('close', () => {
      reader.close();
      watched.isOpen = false;
      if (isFrozen) return;
      if (!isStopping) countUp(failures, 'ended before the server was told to stop', '');
      watched.end = tail.isInEvent() ? 'in an event' : response.complete ? 'properly' : 'cut';
      if (isStopping && openNow() === 0) allOver();
    });
  }

  return {
    failures,
    over,
    open: openNow,
    events: () => events,
    start(stream) {
      let isAnswered = false;
      const request = get(url, { agent, headers }, (response) => {
        isAnswered = true;
        if (response.statusCode === 200) return read(stream, response);
        countUp(failures, `status ${response.statusCode}`, response.statusMessage ?? '');
        return response.resume();
      });
      request.on('error', (error) => {
        if (!isAnswered) countUp(failures, failureCause(error, false), failureMessage(error));
      });
    },
    tellToStop() {
      isStopping = true;
      for (const watched of streams) watched.wasOpen = watched.isOpen;
      if (openNow() === 0) allOver();
    },
    freeze() {
      isFrozen = true;
    },
    findings() {
      const { duplicate, missing } = audit.findings().counts;
      const those = streams.filter(({ wasOpen }) => wasOpen);
      const ended = (...ends: (End | undefined)[]) =>
        those.filter(({ end }) => ends.includes(end)).length;
      return {
        streams: those.length,
        endedProperly: ended('properly'),
        cut: ended('cut', 'in an event'),
        cutInEvent: ended('in an event'),
        stillOpen: ended(undefined),
        retrySeen: those.filter(({ retrySeen }) => retrySeen).length,
        received: events - duplicate,
        missing,
      };
    },
    close: () => agent.destroy(),
  };
}

/** Enough to tell a comment from an event. */
const keptCharacters = 1_024;
/** Up to the last empty line; CR LF is one end of a line. */
const wholeEvents = /^[^]*(?:\r\n|\n|\r(?!\n))(?:\r\n|\n|\r(?!\n))/;

/** Follows a body, to say whether an event in it is incomplete. A comment is none. */
export function createTail(): { feed(chunk: Buffer): void; isInEvent(): boolean } {
  let rest = '';
  return {
    feed(chunk) {
      const text = (rest + chunk.toString('latin1')).replace(wholeEvents, '');
      // Of a long event its beginning says what it is, and its end whether it is over.
      rest =
        text.length > 2 * keptCharacters
          ? text.slice(0, keptCharacters) + text.slice(-keptCharacters)
          : text;
    },
    isInEvent: () => rest.split(/\r\n|\n|\r/).some((line) => line !== '' && !line.startsWith(':')),
  };
}
