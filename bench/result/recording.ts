/** The data that the generators of a round record together; part of each round of a result. */
import { z } from 'zod';
import {
  eventDataSchema,
  mostEventNames,
  namedEventsSchema,
  noEventData,
  noNumbering,
  numberingSchema,
} from './event-data.ts';
import type { GeneratorHistogram } from './histogram-names.ts';

export const count = z.int().nonnegative();

/** An HDR histogram in microseconds: V2, compressed, base64. The text is empty without samples. */
export const histogram = z.string();

export const countsSchema = z.object({
  started: count,
  opened: count,
  /** Streams that the server ended, and streams that we closed without a failure. */
  ended: count,
  stopped: count,
  /** Events of the whole run, and of the measurement only. */
  eventsInAll: count,
  events: count,
  /** Bytes of response bodies in the measurement, and the socket reads that brought them. */
  bodyBytes: count,
  reads: count,
  /** Events that the server stamped in the measurement, and stamped events that arrived in it. */
  sent: count,
  stamped: count,
  /** Events stamped in the measurement that had arrived at its end, but were read later. */
  unread: count.default(0),
  /** Stamps from the future, which another clock must have made. */
  stampedAhead: count,
  /**
   * The distances of a stream's freshest event in the second half of the measurement from its
   * freshest one in the first half: between their stamps, and between their receipts. Sums over the
   * streams that have both.
   */
  stampAdvanceNs: z.number(),
  receiptAdvanceNs: z.number(),
  comparedStreams: count.default(0),
  comments: count,
  /** Events without a counter, whose sequence is unknown. */
  uncounted: count,
  /** Numbers that were skipped and never arrived. */
  missing: count,
  /** Numbers that arrived before, and numbers too old to know. */
  duplicate: count,
  /** Numbers that first arrived after a higher one. */
  outOfOrder: count,
  /** Streams in which numbers were missing, duplicate or out of order. */
  flawedStreams: count,
  /** Gaps between events of the measurement: number and sum, which give the server's period. */
  gaps: count,
  gapsSumNs: z.number(),
  /** Sum over streams of the square of their events in the measurement, for the fairness. */
  eventsSquared: z.number().default(0),
  /** TLS handshakes of all streams, and those that resumed an earlier session. */
  handshakes: count.default(0),
  resumedHandshakes: count.default(0),
  /** Slow readers that had a response. */
  slowOpened: count.default(0),
  /** Events of the remaining streams in the measurement. */
  remainingStreamEvents: count.default(0),
  /** Streams that were cut on request, and those that received an event again by the end. */
  cut: count.default(0),
  reconnected: count.default(0),
  /**
   * Without a cut on request: streams whose clients reconnect whenever they end; how often they
   * ended, and how often without a complete response. `reconnected` counts how often events flowed
   * again.
   */
  reconnecting: count.default(0),
  lost: count.default(0),
  broken: count.default(0),
  /** Between two connections: events that never arrived, and events that arrived twice. */
  missedOverCut: count.default(0),
  doubledOverCut: count.default(0),
  /** Reconnects for which both are unknown, since events have no numbers that count up. */
  unnumberedReconnects: count.default(0),
});

/** Cause → number of occurrences, and the message of the first. */
export const causesSchema = z.record(z.string(), z.object({ count, example: z.string() }));

/** Content encoding → responses, and the bytes of their bodies as sent and as decoded. */
const encodingsSchema = z.record(
  z.string(),
  z.object({ streams: count, sentBytes: count, decodedBytes: count }),
);

export const countedSchema = z.object({
  counts: countsSchema,
  /** Streams that failed. */
  failures: causesSchema,
  /** Failed attempts to reconnect. */
  failedAttempts: causesSchema.default({}),
  /** Events with a problem that did not end their stream. */
  unexpectedEvents: causesSchema,
  /** Compressed streams. */
  encodings: encodingsSchema.default({}),
  eventData: eventDataSchema.default(noEventData),
  numbering: numberingSchema.default(noNumbering),
  /** Event names in the order of their first event; empty if they were not asked for. */
  byEvent: z
    .array(namedEventsSchema)
    .max(mostEventNames + 1)
    .default([]),
});

export type Counts = z.infer<typeof countsSchema>;
export type Causes = z.infer<typeof causesSchema>;
export type Encodings = z.infer<typeof encodingsSchema>;
/** All values that are summed over the instruments of a generator, and over generators. */
export type Counted = z.infer<typeof countedSchema>;
/** The same with all encoded distributions. */
export type Recording = Counted & { histograms: Record<GeneratorHistogram, string> };

const countNames = Object.keys(countsSchema.shape) as (keyof Counts)[];

/** The start value of a sum. */
export const nothingCounted = (): Counted => ({
  counts: Object.fromEntries(countNames.map((name) => [name, 0])) as Counts,
  failures: {},
  failedAttempts: {},
  unexpectedEvents: {},
  encodings: {},
  eventData: noEventData(),
  numbering: noNumbering(),
  byEvent: [],
});
