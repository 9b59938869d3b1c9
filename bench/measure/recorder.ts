/**
 * The instruments of one generator, and the input of each. All have a fixed size
 * (counts, histograms, a few numbers for each stream), so that memory does not grow with time.
 */
import { noEventData } from '../result/event-data.ts';
import type { Recording } from '../result/recording.ts';
import { createByEvent } from './by-event.ts';
import { createBeginnings, type Beginnings } from './beginnings.ts';
import { createCadence } from './cadence.ts';
import { createEncodingCounts, type EncodingCounts } from './encodings.ts';
import { createEndings, type Endings } from './endings.ts';
import { readerOf, readsCounters, type ReaderOptions } from './event-data/reader-of.ts';
import { createUncounted } from './event-data/uncounted.ts';
import { createFanOut, type FanOutArrivals } from './fan-out.ts';
import { recordingOf } from './findings.ts';
import { createHandshakes, type Handshakes } from './handshakes.ts';
import { createLifetimes } from './lifetimes.ts';
import { createNumbering } from './numbering.ts';
import { createReconnects, type Reconnects } from './reconnects.ts';
import { createSequenceAudit } from './sequence.ts';
import { createStamps, isOwnStamp, type RecentStamps } from './stamps.ts';
import { createStorm, type Storm } from './storm.ts';
import { createVolume } from './volume.ts';

/**
 * When the warm-up and the measurement start, and when the measurement ends, on the common clock.
 */
export interface Window {
  warmUpAtNs: number;
  measureAtNs: number;
  disconnectAtNs: number;
}

/** Times are nanoseconds of the common clock; streams are indexes into this generator's plan. */
export interface Recorder
  extends
    Pick<Beginnings, 'started' | 'slowOpened'>,
    Pick<Endings, 'failed' | 'ended' | 'stopped'>,
    Pick<Handshakes, 'secured'> {
  headers(stream: number, atNs: number): void;
  body(stream: number, bytes: number, newRead: boolean, atNs: number): void;
  /**
   * @param id the id field of the event, and `name` its event field; `undefined` without the field
   */
  event(stream: number, data: string, atNs: number, id?: string, name?: string): void;
  /**
   * Takes an event without further fields whose data is a counter's, read already; `undefined` if
   * numbers and stamps are elsewhere in the events.
   *
   * @param stampNs NaN without a stamp
   */
  counted: ((stream: number, number: number, stampNs: number, atNs: number) => void) | undefined;
  comment(): void;
  /** The stream is over before the end of the run. If its server ended or cut it, `lost` is first. */
  over(stream: number, atNs: number): void;
  encodings: EncodingCounts;
  /** For the remaining streams: those that outlast the disconnect of the others. */
  storm: Storm;
  /** The server, or something on the way, has ended or cut a stream. */
  lost(stream: number, atNs: number): void;
  /** For clients that reconnect; `undefined` if they do not. */
  reconnects: Reconnects | undefined;
  /** The measurement ends earlier than planned. */
  endMeasuring(atNs: number): void;
  /** The measurement has ended, and all data that had arrived by then has been read. */
  caughtUp(): void;
  /** The number of events so far, including those outside the measurement. */
  events(): number;
  /** Findings from stamps since the last call. */
  takeRecent(): RecentStamps;
  recording(): Recording;
  /** When numbers of a feed arrived; `undefined` if the user named no path of numbers. */
  fanOut(): FanOutArrivals | undefined;
}

export interface RecorderOptions extends ReaderOptions {
  /** When each stream should start, on the common clock. */
  intendedNs: Float64Array;
  window: Window;
  /**
   * The interval that ssebench asks the server for, or that the server is known to use; `null` for
   * none.
   */
  intervalMs: number | null;
  /** The same for the remaining streams. */
  stormIntervalMs: number | null;
  /** Whether clients reconnect, and when all streams are cut on request; `null` for never. */
  reconnect: { cut: { atNs: number } | null } | null;
}

/**
 * @param measuring whether a moment is in the measurement, and `endNs` its end
 */
export function createInstruments(
  options: RecorderOptions,
  measuring: (atNs: number) => boolean,
  endNs: () => number = () => options.window.disconnectAtNs,
) {
  const { intendedNs, window, intervalMs, stormIntervalMs, firstNumber, sameClock, reconnect } =
    options;
  const { warmUpAtNs, measureAtNs, disconnectAtNs } = window;
  const streams = intendedNs.length;
  const { sequence: path = null, sequenceOf = null, byEvent = false } = options.events ?? {};
  const reader = readerOf(options);
  const sequence = createSequenceAudit(streams, path === null ? firstNumber : 'any');
  return {
    lifetimes: createLifetimes(streams),
    beginnings: createBeginnings(intendedNs),
    endings: createEndings(),
    handshakes: createHandshakes(),
    encodings: createEncodingCounts(),
    volume: createVolume(streams),
    reader: { ...reader, findings: () => ({ eventData: reader.findings() ?? noEventData() }) },
    data: createUncounted(streams, path !== null),
    sequence,
    cadence: createCadence({ streams, intervalMs, warmUpAtNs, measureAtNs, endNs }),
    stamps: createStamps({
      streams,
      intervalMs,
      sameClock,
      resolutionNs: reader.resolutionNs,
      measuring,
      middleNs: (measureAtNs + disconnectAtNs) / 2,
    }),
    storm: createStorm({
      streams,
      read: reader.read,
      intervalMs: stormIntervalMs,
      isOwnStamp: (sentNs, atNs) => isOwnStamp(sameClock, sentNs, atNs),
      measuring,
    }),
    ...(path !== null && {
      numbering: createNumbering(streams, sequenceOf, sequence.isFlawed),
    }),
    ...(byEvent && { byEvent: createByEvent(streams) }),
    ...(reconnect && {
      reconnects: createReconnects(streams, reconnect.cut?.atNs ?? null, path === null),
    }),
  };
}

export function createRecorder(options: RecorderOptions): Recorder {
  const { sameClock } = options;
  const { measureAtNs, disconnectAtNs } = options.window;
  let endNs = disconnectAtNs;
  const measuring = (atNs: number) => atNs >= measureAtNs && atNs < endNs;
  const instruments = createInstruments(options, measuring, () => endNs);
  const { beginnings, endings, handshakes, encodings, volume, reader, data } = instruments;
  const { sequence, cadence, stamps, storm, numbering, byEvent, lifetimes, reconnects } =
    instruments;
  const fanOut = numbering && createFanOut(options.intendedNs.length);

  /**
   * Restarts a stream. The time between two connections is no gap, lag or delay, and the second may
   * begin with any number. Events missed in between count only over the reconnect.
   */
  function beginAnew(stream: number) {
    cadence.forget(stream);
    stamps.forget(stream);
    byEvent?.forget(stream);
    fanOut?.forget(stream);
    sequence.forget(stream);
  }

  function numberedAtPath(stream: number, number: number, atNs: number) {
    numbering!.record(stream, number);
    if (sequence.record(stream, number)) fanOut!.record(stream, number, atNs);
  }
  function record(
    stream: number,
    text: string,
    number: number | undefined,
    stampNs: number | undefined,
    atNs: number,
    name: string | undefined,
  ) {
    const place = data.record(stream, text, number !== undefined);
    // Among numbers of the user, the place of a heartbeat without one would be another number.
    const step = number ?? (numbering ? NaN : place);
    const isMeasured = measuring(atNs);
    volume.event(stream, isMeasured);
    if (reconnects?.isDisconnected(stream)) beginAnew(stream);
    else if (place === 0) beginnings.event(stream, atNs);
    reconnects?.event(stream, number, atNs);
    cadence.record(stream, step, atNs, isMeasured);
    if (number !== undefined) numbered(stream, number, atNs);
    if (stampNs !== undefined) stamps.record(stream, step, stampNs, atNs);
    if (byEvent) {
      const isOwn = stampNs !== undefined && isOwnStamp(sameClock, stampNs, atNs);
      byEvent.record(stream, name, atNs, isOwn ? atNs - stampNs : undefined, isMeasured);
    }
  }
  const needsStamp = options.firstNumber === 'any';
  function recordCounted(stream: number, number: number, stampNs: number, atNs: number) {
    if (!Number.isNaN(stampNs)) record(stream, '', number, stampNs, atNs, undefined);
    else record(stream, '', needsStamp ? undefined : number, undefined, atNs, undefined);
  }
  // A counter costs no more than it must, since every event of a reference server has one.
  const numbered = numbering ? numberedAtPath : sequence.record;

  return {
    started: beginnings.started,
    slowOpened: beginnings.slowOpened,
    headers(stream, atNs) {
      lifetimes.headers(stream, atNs);
      if (reconnects?.isDisconnected(stream)) return; // it opens only once
      beginnings.headers(stream, atNs);
      reconnects?.opened();
    },
    body(stream, bytes, newRead, atNs) {
      if (!reconnects?.isDisconnected(stream)) beginnings.body(stream, atNs);
      if (newRead) stamps.read(stream);
      if (measuring(atNs)) volume.body(bytes, newRead);
    },
    event(stream, text, atNs, id, name) {
      const { number, stampNs } = reader.read(text, id, name, atNs);
      record(stream, text, number, stampNs, atNs, name);
    },
    counted: readsCounters(options) ? recordCounted : undefined,
    comment: volume.comment,
    over(stream, atNs) {
      lifetimes.forget(stream);
      cadence.over(stream, atNs);
    },
    failed: endings.failed,
    ended: endings.ended,
    stopped: endings.stopped,
    secured: handshakes.secured,
    encodings,
    storm,
    lost(stream, atNs) {
      lifetimes.over(stream, atNs);
      cadence.over(stream, atNs);
    },
    reconnects,
    endMeasuring(atNs) {
      endNs = Math.min(endNs, atNs);
    },
    caughtUp: stamps.caughtUp,
    events: () => volume.findings().counts.eventsInAll,
    takeRecent: stamps.takeRecent,
    recording: () => recordingOf(Object.values(instruments)),
    fanOut: () => fanOut?.arrivals(measureAtNs, endNs),
  };
}
