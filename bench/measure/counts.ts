/** What one generator counts; the counts of a fleet are their sums. */

export interface Counts {
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
  /** Events stamped in the measuring that had arrived when it ended, and that the generator read after that. */
  unread: number;
  /** Stamps from a moment that was still to come: of another clock than ours. */
  stampedAhead: number;
  /** From the freshest event of a stream in the first half of the measuring to its freshest in the second: how far their stamps are apart, and their receipts; sums over the streams that have both. */
  stampAdvanceNs: number;
  receiptAdvanceNs: number;
  comparedStreams: number;
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
  /** Events of streams that stay when the others leave, in the measuring. */
  stayingEvents: number;
  /** Streams that were cut, and had an event again in the end; over the cut, events that never came, and that came again. */
  cut: number;
  returned: number;
  missedOverCut: number;
  doubledOverCut: number;
}

/** To count from. */
export const noCounts = (): Counts => ({
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
  unread: 0,
  stampedAhead: 0,
  stampAdvanceNs: 0,
  receiptAdvanceNs: 0,
  comparedStreams: 0,
  comments: 0,
  uncounted: 0,
  gaps: 0,
  gapsSumNs: 0,
  eventsSquared: 0,
  slowOpened: 0,
  stayingEvents: 0,
  cut: 0,
  returned: 0,
  missedOverCut: 0,
  doubledOverCut: 0,
});
