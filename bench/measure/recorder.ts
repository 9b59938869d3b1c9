/**
 * The instruments of one generator, and the input of each. All have a fixed size
 * (counts, histograms, a few numbers for each stream), so that memory does not grow with time.
 */
import type { Recording } from '../result/recording.ts';
import { createBeginnings, type Beginnings } from './beginnings.ts';
import { createCadence } from './cadence.ts';
import { readCounterData } from './counter-data.ts';
import { createEncodingCounts, type EncodingCounts } from './encodings.ts';
import { createEndings, type Endings } from './endings.ts';
import { createEventData } from './event-data.ts';
import { recordingOf } from './findings.ts';
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
    Pick<Endings, 'failed' | 'ended' | 'stopped'> {
  headers(stream: number, atNs: number): void;
  body(stream: number, bytes: number, newRead: boolean, atNs: number): void;
  event(stream: number, data: string, atNs: number): void;
  comment(): void;
  encodings: EncodingCounts;
  /** For the remaining streams: those that outlast the disconnect of the others. */
  storm: Storm;
  /** For streams that the server cuts; `undefined` without a cut. */
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
}

export interface RecorderOptions {
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
  /**
   * The number of the first event in every stream. If it is `any`, only data with a stamp is a
   * counter's.
   */
  firstNumber: number | 'any';
  /** Whether stamps use our clock, since the server runs on this machine. */
  sameClock: boolean;
  /** When ssebench tells the server to cut the streams; `null` for no cut. */
  cut: { atNs: number } | null;
}

/** @param measuring whether a moment is in the measurement */
export function createInstruments(
  { intendedNs, window, intervalMs, stormIntervalMs, firstNumber, sameClock, cut }: RecorderOptions,
  measuring: (atNs: number) => boolean,
) {
  const streams = intendedNs.length;
  return {
    beginnings: createBeginnings(intendedNs),
    endings: createEndings(),
    encodings: createEncodingCounts(),
    volume: createVolume(streams),
    data: createEventData(streams),
    sequence: createSequenceAudit(streams, firstNumber),
    cadence: createCadence(streams, intervalMs, window.warmUpAtNs),
    stamps: createStamps({
      streams,
      intervalMs,
      sameClock,
      measuring,
      middleNs: (window.measureAtNs + window.disconnectAtNs) / 2,
    }),
    storm: createStorm({
      streams,
      intervalMs: stormIntervalMs,
      isOwnStamp: (sentNs, atNs) => isOwnStamp(sameClock, sentNs, atNs),
      measuring,
    }),
    ...(cut && { reconnects: createReconnects(streams, cut.atNs) }),
  };
}

export function createRecorder(options: RecorderOptions): Recorder {
  const { firstNumber } = options;
  const { measureAtNs, disconnectAtNs } = options.window;
  let endNs = disconnectAtNs;
  const measuring = (atNs: number) => atNs >= measureAtNs && atNs < endNs;
  const instruments = createInstruments(options, measuring);
  const { beginnings, endings, encodings, volume, data } = instruments;
  const { sequence, cadence, stamps, storm, reconnects } = instruments;

  /**
   * Restarts a stream. The time between two connections is no gap, lag or delay, and the second may
   * begin with any number.
   */
  function beginAnew(stream: number, number: number | undefined) {
    cadence.forget(stream);
    stamps.forget(stream);
    if (number !== undefined) sequence.goOnFrom(stream, number);
  }

  return {
    started: beginnings.started,
    slowOpened: beginnings.slowOpened,
    headers(stream, atNs) {
      if (!reconnects?.isDisconnected(stream)) beginnings.headers(stream, atNs); // it opens only once
    },
    body(stream, bytes, newRead, atNs) {
      if (!reconnects?.isDisconnected(stream)) beginnings.body(stream, atNs);
      if (newRead) stamps.read(stream);
      if (measuring(atNs)) volume.body(bytes, newRead);
    },
    event(stream, text, atNs) {
      const { counted, stamp } = readCounterData(text);
      const isCounter = counted !== undefined && (firstNumber !== 'any' || stamp !== undefined);
      const place = data.record(stream, text, isCounter);
      const number = isCounter ? Number(counted) : place;
      const isMeasured = measuring(atNs);
      volume.event(stream, isMeasured);
      const counter = isCounter ? number : undefined;
      if (reconnects?.isDisconnected(stream)) beginAnew(stream, counter);
      else if (place === 0) beginnings.event(stream, atNs);
      reconnects?.event(stream, counter, atNs);
      cadence.record(stream, number, atNs, isMeasured);
      if (isCounter) sequence.record(stream, number);
      if (stamp !== undefined) stamps.record(stream, number, Number(stamp), atNs);
    },
    comment: volume.comment,
    failed: endings.failed,
    ended: endings.ended,
    stopped: endings.stopped,
    encodings,
    storm,
    reconnects,
    endMeasuring(atNs) {
      endNs = Math.min(endNs, atNs);
    },
    caughtUp: stamps.caughtUp,
    events: () => volume.findings().counts.eventsInAll,
    takeRecent: stamps.takeRecent,
    recording: () => recordingOf(Object.values(instruments)),
  };
}
