/**
 * What one generator measures. All of it has a fixed size: counts, histograms and a few numbers for each
 * stream, so that memory does not grow with time.
 */
import { generatorHistograms, type GeneratorHistogram } from '../histogram-names.ts';
import { readCounterData } from './counter-data.ts';
import { createHistogram } from './histogram.ts';
import { createLoopDelay } from './loop-delay.ts';
import { createScheduleLag } from './schedule.ts';
import { createSequenceAudit, type SequenceFindings } from './sequence.ts';
import { createStorm, type Storm } from './storm.ts';

/** How often something went wrong, for one cause. */
export interface FailureCount {
  count: number;
  /** What the first of them said. */
  example: string;
}

/** Counts of one generator; those of a fleet are their sums. */
export interface Counts extends SequenceFindings {
  started: number;
  opened: number;
  ended: number;
  stopped: number;
  /** Events of the whole run, and of the measuring alone. */
  eventsInAll: number;
  events: number;
  /** Bytes of response bodies in the measuring, and the reads of a socket that brought them. */
  bodyBytes: number;
  reads: number;
  /** Events that came at all and that the server stamped in the measuring; of all events that came in it, those with a stamp. */
  sent: number;
  stamped: number;
  /** Stamps from a moment that was still to come: of another clock than ours. */
  stampedAhead: number;
  /** From one event of a stream to its next in the measuring: how far their stamps were apart, and their receipts; sums. */
  stampAdvanceNs: number;
  receiptAdvanceNs: number;
  comments: number;
  /** Events that are no counter's, so that nothing can be said of their sequence. */
  uncounted: number;
  /** Gaps of the measuring: their number and sum, from which the server's period follows. */
  gaps: number;
  gapsSumNs: number;
  /** Sum over streams of the square of the events that each got in the measuring: from it follows how fairly they were served. */
  eventsSquared: number;
  /** Slow readers that had an answer. */
  slowOpened: number;
}

/** What a generator hands over at the end. */
export interface Recording {
  counts: Counts;
  /** Streams that broke, or never opened: cause → how often. */
  failures: Record<string, FailureCount>;
  /** Events with which something was wrong, though their stream went on: what → how often. */
  oddities: Record<string, FailureCount>;
  /** Encoded; empty ones too. */
  histograms: Record<GeneratorHistogram, string>;
}

/** When the warm-up and the measuring begin, and when the measuring ends, on the common clock. */
export interface Window {
  warmUpAtNs: number;
  measureAtNs: number;
  disconnectAtNs: number;
}

/** Of some time, in nanoseconds; `null` where no stamp told. */
export interface Lately {
  /** The longest delay of the server's loop. */
  loopDelayNs: number | null;
  /** The mean delivery. */
  deliveryNs: number | null;
}

/** Times are nanoseconds of the common clock; streams are indexes into the plan of this generator. */
export interface Recorder {
  started(stream: number, atNs: number): void;
  headers(stream: number, atNs: number): void;
  body(stream: number, bytes: number, newRead: boolean, atNs: number): void;
  event(stream: number, data: string, atNs: number): void;
  comment(): void;
  /** Of streams that stay when the others leave. */
  storm: Storm;
  failed(cause: string, message: string): void;
  ended(): void;
  stopped(): void;
  slowOpened(): void;
  /** The measuring ends earlier than was planned. */
  endMeasuring(atNs: number): void;
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
  /** The number in every stream's first event; where it may be any, only data with a stamp is a counter's. */
  firstNumber: number | 'any';
  /** Whether stamps are of our clock: the server runs on this machine. */
  sameClock: boolean;
}

/** What stands for bytes that are no UTF-8, once they are decoded. */
const replacementCharacter = '\ufffd';
const exampleCharacters = 80;

/** A stamp further back than this was not made by our clock. */
const longestDeliveryNs = 3600e9;
/** What the readings of one clock by two cores may differ by. */
const clockToleranceNs = 100_000;

export function createRecorder({ intendedNs, window, intervalMs, firstNumber, sameClock }: RecorderOptions): Recorder {
  let endNs = window.disconnectAtNs;
  const streams = intendedNs.length;
  const startedNs = new Float64Array(streams);
  const lastEventNs = new Float64Array(streams);
  /** Of the latest event with a stamp; 0 before the first. */
  const lastStampNs = new Float64Array(streams);
  const lastStampedNs = new Float64Array(streams);
  const received = new Float64Array(streams);
  const eventsOf = new Float64Array(streams);
  const hasBody = new Uint8Array(streams);
  const audit = createSequenceAudit(streams, firstNumber);
  const schedule = intervalMs === null ? undefined : createScheduleLag(streams, intervalMs * 1e6, window.warmUpAtNs);
  const loopDelay = intervalMs === null ? undefined : createLoopDelay(streams, intervalMs * 1e6);
  let lately = { loopDelayNs: null as number | null, deliveries: 0, deliveryNs: 0 };
  const histograms = Object.fromEntries(generatorHistograms.map((name) => [name, createHistogram()])) as Record<
    GeneratorHistogram,
    ReturnType<typeof createHistogram>
  >;
  const failures: Record<string, FailureCount> = {};
  const oddities: Record<string, FailureCount> = {};
  const counts = {
    started: 0,
    opened: 0,
    ended: 0,
    stopped: 0,
    eventsInAll: 0,
    events: 0,
    bodyBytes: 0,
    reads: 0,
    sent: 0,
    stamped: 0,
    stampedAhead: 0,
    stampAdvanceNs: 0,
    receiptAdvanceNs: 0,
    comments: 0,
    uncounted: 0,
    gaps: 0,
    gapsSumNs: 0,
    eventsSquared: 0,
    slowOpened: 0,
  };
  const measuring = (atNs: number) => atNs >= window.measureAtNs && atNs < endNs;

  function recordGap(stream: number, atNs: number) {
    const lastNs = lastEventNs[stream]!;
    lastEventNs[stream] = atNs;
    if (lastNs === 0) {
      histograms.timeToFirstEvent.recordNs(atNs - intendedNs[stream]!);
      histograms.timeToFirstEventUncorrected.recordNs(atNs - startedNs[stream]!);
    } else if (measuring(atNs)) {
      histograms.eventGap.recordNs(atNs - lastNs);
      counts.gaps++;
      counts.gapsSumNs += atNs - lastNs;
    }
  }

  function recordStamp(stream: number, number: number, sentNs: number, atNs: number, isMeasured: boolean) {
    if (!sameClock || Math.abs(atNs - sentNs) >= longestDeliveryNs) return;
    if (measuring(sentNs)) counts.sent++;
    const delayNs = loopDelay?.(stream, number, sentNs);
    if (delayNs !== undefined) lately.loopDelayNs = Math.max(lately.loopDelayNs ?? 0, delayNs);
    lately.deliveries++;
    lately.deliveryNs += atNs - sentNs;
    if (isMeasured) {
      counts.stamped++;
      if (sentNs > atNs + clockToleranceNs) counts.stampedAhead++;
      histograms.delivery.recordNs(atNs - sentNs);
      if (delayNs !== undefined) histograms.loopDelay.recordNs(delayNs);
      if (measuring(lastStampedNs[stream]!)) {
        counts.stampAdvanceNs += sentNs - lastStampNs[stream]!;
        counts.receiptAdvanceNs += atNs - lastStampedNs[stream]!;
      }
    }
    lastStampNs[stream] = sentNs;
    lastStampedNs[stream] = atNs;
  }

  return {
    started(stream, atNs) {
      counts.started++;
      startedNs[stream] = atNs;
      histograms.arrivalLag.recordNs(atNs - intendedNs[stream]!);
    },
    headers(stream, atNs) {
      counts.opened++;
      histograms.timeToHeaders.recordNs(atNs - intendedNs[stream]!);
      histograms.timeToHeadersUncorrected.recordNs(atNs - startedNs[stream]!);
    },
    body(stream, bytes, newRead, atNs) {
      if (hasBody[stream] === 0) {
        hasBody[stream] = 1;
        histograms.timeToFirstByte.recordNs(atNs - intendedNs[stream]!);
      }
      if (!measuring(atNs)) return;
      counts.bodyBytes += bytes;
      if (newRead) counts.reads++;
    },
    event(stream, data, atNs) {
      counts.eventsInAll++;
      recordGap(stream, atNs);

      const { counted, stamp } = readCounterData(data);
      const place = received[stream]!;
      received[stream] = place + 1;
      const isCounter = counted !== undefined && (firstNumber !== 'any' || stamp !== undefined);
      const number = isCounter ? Number(counted) : place;
      if (isCounter) audit.record(stream, number);
      else counts.uncounted++;
      if (counted === undefined && data.includes(replacementCharacter)) {
        countUp(oddities, 'not UTF-8', data.slice(0, exampleCharacters));
      }

      const lagNs = schedule?.record(stream, number, atNs);
      const isMeasured = measuring(atNs);
      if (stamp !== undefined) recordStamp(stream, number, Number(stamp), atNs, isMeasured);
      if (!isMeasured) return;
      counts.events++;
      // (n + 1)² is 2 n + 1 more than n².
      counts.eventsSquared += 2 * eventsOf[stream]!++ + 1;
      if (lagNs !== undefined) histograms.scheduleLag.recordNs(lagNs);
    },
    comment() {
      counts.comments++;
    },
    storm: createStorm(streams, intervalMs, { delivery: histograms.stormDelivery, loopDelay: histograms.stormLoopDelay }),
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
    takeLately() {
      const { loopDelayNs, deliveries, deliveryNs } = lately;
      lately = { loopDelayNs: null, deliveries: 0, deliveryNs: 0 };
      return { loopDelayNs, deliveryNs: deliveries > 0 ? deliveryNs / deliveries : null };
    },
    recording: () => ({
      counts: { ...counts, ...audit.findings },
      failures,
      oddities,
      histograms: Object.fromEntries(generatorHistograms.map((name) => [name, histograms[name].encode()])) as Record<
        GeneratorHistogram,
        string
      >,
    }),
  };
}

/** Adds counts to those of a total; its examples stay. */
export function addUp(total: Record<string, FailureCount>, more: Readonly<Record<string, FailureCount>>): void {
  for (const [cause, { count, example }] of Object.entries(more)) (total[cause] ??= { count: 0, example }).count += count;
}

function countUp(causes: Record<string, FailureCount>, cause: string, example: string) {
  (causes[cause] ??= { count: 0, example }).count++;
}
