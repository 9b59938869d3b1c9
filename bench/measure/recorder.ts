/**
 * What one generator measures. All of it has a fixed size: counts, histograms and a few numbers for each
 * stream, so that memory does not grow with time.
 */
import { generatorHistograms, type GeneratorHistogram } from '../result/histogram-names.ts';
import { createBeginnings } from './beginnings.ts';
import { readCounterData } from './counter-data.ts';
import { noCounts, type Counts } from './counts.ts';
import { addEncoded, type EncodedCount, type EncodedCounts } from './encodings.ts';
import { countUp, type FailureCount } from './failure-counts.ts';
import { createHistogram, type DurationHistogram } from './histogram.ts';
import { createReconnects, type Reconnects } from './reconnects.ts';
import { createScheduleLag } from './schedule.ts';
import { createSequenceAudit, type SequenceFindings } from './sequence.ts';
import { createStamps, isOurs, type Lately } from './stamps.ts';
import { createStorm, type Storm } from './storm.ts';

/** What a generator hands over at the end. */
export interface Recording {
  counts: Counts & SequenceFindings;
  /** Streams that broke, or never opened: cause → how often. */
  failures: Record<string, FailureCount>;
  /** Of streams that were cut, attempts to come again that failed. */
  failedAttempts: Record<string, FailureCount>;
  /** Events with which something was wrong, though their stream went on: what → how often. */
  oddities: Record<string, FailureCount>;
  /** Streams that were compressed: content encoding → how many, and their bytes. */
  encodings: EncodedCounts;
  /** Encoded; empty ones too. */
  histograms: Record<GeneratorHistogram, string>;
}

/** When the warm-up and the measuring begin, and when the measuring ends, on the common clock. */
export interface Window {
  warmUpAtNs: number;
  measureAtNs: number;
  disconnectAtNs: number;
}

/** Times are nanoseconds of the common clock; streams are indexes into the plan of this generator. */
export interface Recorder {
  started(stream: number, atNs: number): void;
  headers(stream: number, atNs: number): void;
  body(stream: number, bytes: number, newRead: boolean, atNs: number): void;
  event(stream: number, data: string, atNs: number): void;
  comment(): void;
  /** Adds to what is counted of a content encoding. */
  encoded(encoding: string, more: Partial<EncodedCount>): void;
  /** Of streams that stay when the others leave. */
  storm: Storm;
  /** Of streams that the server cuts; nothing where it is not told to. */
  reconnects: Reconnects | undefined;
  failed(cause: string, message: string): void;
  ended(): void;
  stopped(): void;
  slowOpened(): void;
  /** The measuring ends earlier than was planned. */
  endMeasuring(atNs: number): void;
  /** The measuring has ended, and what had arrived by now has been read. */
  caughtUp(): void;
  /** What stamps told since this was last asked. */
  takeLately(): Lately;
  recording(): Recording;
}

export interface RecorderOptions {
  /** When each stream should start, on the common clock. */
  intendedNs: Float64Array;
  window: Window;
  /** The interval that the server is asked for or known to keep; `null` where none is. */
  intervalMs: number | null;
  /** The same of streams that stay when the others leave. */
  stormIntervalMs: number | null;
  /** The number in every stream's first event; where it may be any, only data with a stamp is a counter's. */
  firstNumber: number | 'any';
  /** Whether stamps are of our clock: the server runs on this machine. */
  sameClock: boolean;
  /** When the server is told to cut the streams; `null` where it is not. */
  cut: { atNs: number } | null;
}

/** What stands for bytes that are no UTF-8, once they are decoded. */
const replacementCharacter = '\ufffd';
const exampleCharacters = 80;

export function createRecorder({
  intendedNs,
  window,
  intervalMs,
  stormIntervalMs,
  firstNumber,
  sameClock,
  cut,
}: RecorderOptions): Recorder {
  let endNs = window.disconnectAtNs;
  const streams = intendedNs.length;
  const lastEventNs = new Float64Array(streams);
  const received = new Float64Array(streams);
  const eventsOf = new Float64Array(streams);
  const audit = createSequenceAudit(streams, firstNumber);
  const schedule =
    intervalMs === null
      ? undefined
      : createScheduleLag(streams, intervalMs * 1e6, window.warmUpAtNs);
  const histograms = Object.fromEntries(
    generatorHistograms.map((name) => [name, createHistogram()]),
  ) as Record<GeneratorHistogram, DurationHistogram>;
  const failures: Record<string, FailureCount> = {};
  const failedAttempts: Record<string, FailureCount> = {};
  const oddities: Record<string, FailureCount> = {};
  const encodings: EncodedCounts = {};
  const counts = noCounts();
  const beginnings = createBeginnings(intendedNs, histograms);
  const measuring = (atNs: number) => atNs >= window.measureAtNs && atNs < endNs;
  const middleNs = (window.measureAtNs + window.disconnectAtNs) / 2;
  const stamps = createStamps({
    streams,
    intervalMs,
    sameClock,
    measuring,
    middleNs,
    counts,
    histograms,
  });
  const reconnects =
    cut === null
      ? undefined
      : createReconnects({
          streams,
          cutAtNs: cut.atNs,
          counts,
          failedAttempts,
          oddities,
          histograms,
        });

  const ours = (sentNs: number, atNs: number) => isOurs(sameClock, sentNs, atNs);
  const storm = createStorm({
    streams,
    intervalMs: stormIntervalMs,
    isOurs: ours,
    measuring,
    counts,
    delivery: histograms.stormDelivery,
    loopDelay: histograms.stormLoopDelay,
  });

  /** What is between two streams is no gap, no lag and no delay; the second may begin anywhere. */
  function beginAnew(stream: number, number: number | undefined) {
    lastEventNs[stream] = NaN;
    schedule?.forget(stream);
    stamps.forget(stream);
    if (number !== undefined) audit.goOnFrom(stream, number);
  }

  /** When a stream was back is known only once it is not lost again. */
  const encoded = (name: GeneratorHistogram) =>
    (name === 'recovery'
      ? (reconnects?.recovery() ?? histograms.recovery)
      : histograms[name]
    ).encode();

  function recordGap(stream: number, atNs: number) {
    const lastNs = lastEventNs[stream]!;
    lastEventNs[stream] = atNs;
    if (lastNs === 0) beginnings.event(stream, atNs);
    else if (measuring(atNs) && lastNs > 0) {
      histograms.eventGap.recordNs(atNs - lastNs);
      counts.gaps++;
      counts.gapsSumNs += atNs - lastNs;
    }
  }

  return {
    started(stream, atNs) {
      counts.started++;
      beginnings.started(stream, atNs);
    },
    headers(stream, atNs) {
      if (reconnects?.isAway(stream)) return; // it had been opened before
      counts.opened++;
      beginnings.headers(stream, atNs);
    },
    body(stream, bytes, newRead, atNs) {
      if (!reconnects?.isAway(stream)) beginnings.body(stream, atNs);
      if (newRead) stamps.read(stream);
      if (!measuring(atNs)) return;
      counts.bodyBytes += bytes;
      if (newRead) counts.reads++;
    },
    event(stream, data, atNs) {
      counts.eventsInAll++;
      const { counted, stamp } = readCounterData(data);
      const place = received[stream]!;
      received[stream] = place + 1;
      const isCounter = counted !== undefined && (firstNumber !== 'any' || stamp !== undefined);
      const number = isCounter ? Number(counted) : place;
      if (reconnects?.isAway(stream)) beginAnew(stream, isCounter ? number : undefined);
      reconnects?.event(stream, isCounter ? number : undefined, atNs);
      recordGap(stream, atNs);
      if (isCounter) audit.record(stream, number);
      else counts.uncounted++;
      if (counted === undefined && data.includes(replacementCharacter)) {
        countUp(oddities, 'not UTF-8', data.slice(0, exampleCharacters));
      }

      const lagNs = schedule?.record(stream, number, atNs);
      const isMeasured = measuring(atNs);
      if (stamp !== undefined) stamps.record(stream, number, Number(stamp), atNs);
      if (!isMeasured) return;
      counts.events++;
      // (n + 1)² is 2 n + 1 more than n².
      counts.eventsSquared += 2 * eventsOf[stream]!++ + 1;
      if (lagNs !== undefined) histograms.scheduleLag.recordNs(lagNs);
    },
    comment() {
      counts.comments++;
    },
    encoded(encoding, more) {
      addEncoded(encodings, { [encoding]: { streams: 0, sentBytes: 0, decodedBytes: 0, ...more } });
    },
    storm,
    reconnects,
    failed(cause, message) {
      countUp(failures, cause, message);
    },
    ended() {
      counts.ended++;
    },
    stopped() {
      counts.stopped++;
    },
    slowOpened() {
      counts.slowOpened++;
    },
    endMeasuring(atNs) {
      endNs = Math.min(endNs, atNs);
    },
    caughtUp: () => stamps.caughtUp(),
    takeLately: () => stamps.takeLately(),
    recording() {
      stamps.end();
      return {
        counts: { ...counts, ...audit.findings },
        failures,
        failedAttempts,
        oddities,
        encodings,
        histograms: Object.fromEntries(
          generatorHistograms.map((name) => [name, encoded(name)]),
        ) as Record<GeneratorHistogram, string>,
      };
    },
  };
}
