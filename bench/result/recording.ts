/** What the generators of a round record together. It is part of each round of a result. */
import { z } from 'zod';
import type { GeneratorHistogram } from './histogram-names.ts';

export const count = z.int().nonnegative();

/** An HDR histogram in microseconds: V2, compressed, base64. A distribution without a sample is empty. */
export const histogram = z.string();

export const countsSchema = z.object({
  started: count,
  opened: count,
  /** Streams that the server ended, and streams that were closed by us without a failure. */
  ended: count,
  stopped: count,
  /** Events of the whole run, and of the measurement alone. */
  eventsInAll: count,
  events: count,
  /** Bytes of response bodies in the measurement, and the reads of a socket that brought them. */
  bodyBytes: count,
  reads: count,
  /** Events that the server stamped in the measurement, and stamped events that arrived in it. */
  sent: count,
  stamped: count,
  /** Events stamped in the measurement that had arrived when it ended, and were read after that. */
  unread: count.default(0),
  /** Stamps from the future: of another clock than ours. */
  stampedAhead: count,
  /**
   * From the freshest event of a stream in the first half of the measurement to its freshest in the
   * second: how far their stamps are apart, and their receipts; sums over the streams that have both.
   */
  stampAdvanceNs: z.number(),
  receiptAdvanceNs: z.number(),
  comparedStreams: count.default(0),
  comments: count,
  /** Events without a counter, so that nothing is known of their sequence. */
  uncounted: count,
  /** Numbers skipped and never seen since. */
  missing: count,
  /** Numbers seen before, and those too old to know whether they were. */
  duplicate: count,
  /** Numbers that came after a higher one, for the first time. */
  outOfOrder: count,
  /** Streams in which numbers were missing, duplicate or out of order. */
  flawedStreams: count,
  /** Gaps between events of the measurement: their number and sum, which give the server's period. */
  gaps: count,
  gapsSumNs: z.number(),
  /** Sum over streams of the square of their events in the measurement: it gives the fairness. */
  eventsSquared: z.number().default(0),
  /** Slow readers that had a response. */
  slowOpened: count.default(0),
  /** Events of streams that stay when the others disconnect, in the measurement. */
  stayingEvents: count.default(0),
  /** Streams that were cut, and those that had an event again in the end. */
  cut: count.default(0),
  returned: count.default(0),
  /** Over the cut: events that never came, and events that came twice. */
  missedOverCut: count.default(0),
  doubledOverCut: count.default(0),
});

/** Cause → how often, and what the first said. */
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
  /** Of streams that were cut, attempts to reconnect that failed. */
  failedAttempts: causesSchema.default({}),
  /** Events with which something was wrong, though their stream went on. */
  oddities: causesSchema,
  /** Compressed streams. */
  encodings: encodingsSchema.default({}),
});

export type Counts = z.infer<typeof countsSchema>;
export type Causes = z.infer<typeof causesSchema>;
export type Encodings = z.infer<typeof encodingsSchema>;
/** All that is added up, over the instruments of a generator and over generators. */
export type Counted = z.infer<typeof countedSchema>;
/** The same with all distributions, encoded. */
export type Recording = Counted & { histograms: Record<GeneratorHistogram, string> };

const countNames = Object.keys(countsSchema.shape) as (keyof Counts)[];

/** To count from. */
export const nothingCounted = (): Counted => ({
  counts: Object.fromEntries(countNames.map((name) => [name, 0])) as Counts,
  failures: {},
  failedAttempts: {},
  oddities: {},
  encodings: {},
});
