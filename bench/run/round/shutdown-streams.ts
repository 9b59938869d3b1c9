/**
 * Clients of a server that shuts down: they record what arrived on each stream, and how it ended.
 */
import type { IncomingMessage } from 'node:http';
import { readerOf, type ReaderOptions } from '../../measure/event-data/reader-of.ts';
import { countUp } from '../../measure/failure-counts.ts';
import { createSequenceAudit } from '../../measure/sequence.ts';
import type { RequestOptions } from '../../scenario/request-options.ts';
import { noEventData, type EventDataFindings } from '../../result/event-data.ts';
import type { Causes } from '../../result/recording.ts';
import { createEventReader } from '../../stream/events.ts';
import { createAgents, send } from '../../stream/node-request.ts';
import { failureAfter } from '../../stream/redirect.ts';
import { shownMessage } from '../../stream/shown-message.ts';
import { requestsOf } from '../../stream/stream-request.ts';

type End = 'properly' | 'cut' | 'in an event';

interface Watched {
  isOpen: boolean;
  /** Whether it was open at SIGTERM. */
  wasOpen: boolean;
  end: End | undefined;
  retrySeen: boolean;
}

export interface WatchedStreams {
  start(stream: number): void;
  open(): number;
  events(): number;
  failures: Causes;
  /**
   * Call when the server gets SIGTERM. Streams that have ended by now were lost before the
   * shutdown.
   */
  beginShutdown(): void;
  /** Streams that are still open count as open in the findings, even if they end later. */
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
    /** Event numbers that never arrived although higher ones did. */
    missing: number;
    /** Whether any event had a number. */
    isNumbered: boolean;
    /** The events with and without a number at its path. */
    eventData: EventDataFindings;
  };
  /** Closes all connections. */
  close(): void;
}

/** @param reading where the numbers of events are */
export function watchStreams(
  url: string,
  options: RequestOptions,
  count: number,
  reading: Pick<ReaderOptions, 'events' | 'firstNumber'> = { firstNumber: 'any' },
): WatchedStreams {
  // Connections stay open for later requests, as those of browsers and proxies do.
  const agents = createAgents(true);
  const requests = requestsOf(url, options);
  const places = reading.events && { ...reading.events, stamp: null };
  // Without a place, plain numbers count too: nothing here compares streams.
  const numbers = readerOf({ events: places, firstNumber: 0, sameClock: false });
  const audit = createSequenceAudit(count, places?.sequence ? 'any' : reading.firstNumber);
  const streams = Array.from({ length: count }, (): Watched => {
    return { isOpen: false, wasOpen: false, end: undefined, retrySeen: false };
  });
  const failures: Causes = {};
  const { promise: over, resolve: allOver } = Promise.withResolvers<void>();
  const openNow = () => streams.filter(({ isOpen }) => isOpen).length;
  let events = 0;
  let isNumbered = false;
  let isStopping = false;
  let isFrozen = false;

  function read(stream: number, response: IncomingMessage) {
    const watched = streams[stream]!;
    const tail = createTail();
    const reader = createEventReader({
      event(data, id, name) {
        events++;
        const { number } = numbers.read(data, id, name, 0);
        if (number === undefined) return;
        isNumbered = true;
        audit.record(stream, number);
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
      if (!isStopping) countUp(failures, 'ended before SIGTERM', '');
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
      const request = requests(stream);
      const fail = (cause: string, message: string) =>
        countUp(failures, cause, shownMessage(message, request));
      send(request, agents, {
        response(response, redirects, at) {
          isAnswered = true;
          if (response.statusCode === 200) return read(stream, response);
          fail(
            `status ${response.statusCode}`,
            failureAfter(redirects, at, response.statusMessage ?? ''),
          );
          return void response.resume();
        },
        failed(cause, message) {
          if (!isAnswered) fail(cause, message);
        },
      });
    },
    beginShutdown() {
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
        isNumbered,
        eventData: numbers.findings() ?? noEventData(),
      };
    },
    close: () => agents.destroy(),
  };
}

/** Enough to distinguish a comment from an event. */
const keptCharacters = 1_024;
/** Everything up to the last empty line. CR LF counts as one line ending. */
const wholeEvents = /^[^]*(?:\r\n|\n|\r(?!\n))(?:\r\n|\n|\r(?!\n))/;

/** Follows a body, and reports whether it ends within an event. A comment is not an event. */
export function createTail(): { feed(chunk: Buffer): void; isInEvent(): boolean } {
  let rest = '';
  return {
    feed(chunk) {
      const text = (rest + chunk.toString('latin1')).replace(wholeEvents, '');
      // The start of a long event shows that it is not a comment, and its end shows whether it is
      // complete.
      rest =
        text.length > 2 * keptCharacters
          ? text.slice(0, keptCharacters) + text.slice(-keptCharacters)
          : text;
    },
    isInEvent: () => rest.split(/\r\n|\n|\r/).some((line) => line !== '' && !line.startsWith(':')),
  };
}
