/** Streams that end or are cut: when their clients receive events again, and which they missed. */
import type { Causes } from '../result/recording.ts';
import { countUp } from './failure-counts.ts';
import type { Instrument } from './instrument.ts';
import { createHistogram } from './histogram.ts';
import { createLostEvents, type LostEvents } from './lost-events.ts';

export interface Reconnects extends Instrument<
  | 'cut'
  | 'lost'
  | 'broken'
  | 'reconnected'
  | 'reconnecting'
  | 'missedOverCut'
  | 'doubledOverCut'
  | 'unnumberedReconnects',
  'outage' | 'recovery' | 'reconnectAttempt' | 'reconnectLag',
  'failedAttempts' | 'unexpectedEvents'
> {
  /** A stream has its first response. */
  opened(): void;
  /** An open stream is over. If a cut was planned, this is called once for each stream. */
  lost(stream: number, atNs: number, cause: string): void;
  wasCut(stream: number): boolean;
  /** Whether the stream was lost and has received no event since. */
  isDisconnected(stream: number): boolean;
  /** How an account sees the stream; `undefined` if it is open and no cut was planned. */
  stateOf(
    stream: number,
  ): 'awaited' | 'disconnected' | 'reconnected' | 'waiting' | 'refused' | undefined;
  /** A stream that was back after the planned cut is lost again, for any reason. */
  lostAgain(stream: number, atNs: number, cause: string, message: string): void;
  /** The server asks for another wait than the configured one. */
  waitChanged(waitMs: number): void;
  /** The client tries to reconnect. */
  attempted(intendedNs: number, atNs: number): void;
  attemptFailed(stream: number, cause: string, message: string): void;
  id: LostEvents['id'];
  /**
   * Takes each event of a stream. The first one after a loss counts the stream as back.
   * @param number of the event, if its data has one
   */
  event(stream: number, number: number | undefined, atNs: number): void;
}

/** The cause of a stream with a complete response. */
export const endedByServer = 'ended by the server';

/** A server may ask each client for another wait, at random. More waits count together. */
const mostWaits = 5;
const asksToWait = (wait: string) =>
  `the server asks clients to wait ${wait} before they reconnect, which overrides --retry`;

/**
 * @param cutAtNs when all streams are cut on request, on the common clock; `null` if streams end
 * only by themselves, as often as the server wants
 * @param readsIds whether ids count as the numbers of events
 */
export function createReconnects(
  streams: number,
  cutAtNs: number | null,
  readsIds = true,
): Reconnects {
  const counts = { cut: 0, lost: 0, broken: 0, reconnected: 0, reconnecting: 0 };
  const failedAttempts: Causes = {};
  const unexpectedEvents: Causes = {};
  const histograms = {
    outage: createHistogram(),
    reconnectAttempt: createHistogram(),
    reconnectLag: createHistogram(),
  };
  const lostEvents = createLostEvents(streams, readsIds);
  const state: ('open' | 'disconnected' | 'reconnected')[] = Array.from(
    { length: streams },
    () => 'open',
  );
  /** Whether the last attempt to reconnect has failed. */
  const isRefused = new Uint8Array(streams);
  const lostNs = new Float64Array(streams);
  /** When each stream was back; 0 if it is not. */
  const backNs = new Float64Array(streams);

  function lose(stream: number, atNs: number) {
    state[stream] = 'disconnected';
    lostNs[stream] = atNs;
    lostEvents.lost(stream);
  }
  function back(stream: number, atNs: number) {
    state[stream] = cutAtNs === null ? 'open' : 'reconnected';
    isRefused[stream] = 0;
    backNs[stream] = atNs;
    counts.reconnected++;
    histograms.outage.recordNs(atNs - lostNs[stream]!);
  }
  /** The time from the cut until each stream was back for good, which is known only at the end. */
  function recovery() {
    const histogram = createHistogram();
    if (cutAtNs !== null)
      for (const atNs of backNs) if (atNs > 0) histogram.recordNs(atNs - cutAtNs);
    return histogram;
  }
  return {
    opened: () => void (counts.reconnecting += cutAtNs === null ? 1 : 0),
    wasCut: (stream) => state[stream] !== 'open',
    isDisconnected: (stream) => state[stream] === 'disconnected',
    stateOf(stream) {
      if (cutAtNs !== null) return state[stream] === 'open' ? 'awaited' : state[stream];
      if (state[stream] !== 'disconnected') return undefined;
      return isRefused[stream] === 1 ? 'refused' : 'waiting';
    },
    lost(stream, atNs, cause) {
      if (cutAtNs === null) {
        counts.lost++;
        if (cause !== endedByServer) counts.broken++;
      } else counts.cut++;
      lose(stream, atNs);
    },
    lostAgain(stream, atNs, cause, message) {
      counts.reconnected--;
      backNs[stream] = 0;
      countUp(failedAttempts, `${cause}, after a reconnect`, message);
      lose(stream, atNs);
    },
    waitChanged(waitMs) {
      const cause = asksToWait(`${waitMs} ms`);
      const isNamed = cause in unexpectedEvents || Object.keys(unexpectedEvents).length < mostWaits;
      countUp(unexpectedEvents, isNamed ? cause : asksToWait('other times'), `retry: ${waitMs}`);
    },
    attempted(intendedNs, atNs) {
      if (cutAtNs !== null) histograms.reconnectAttempt.recordNs(atNs - cutAtNs);
      histograms.reconnectLag.recordNs(atNs - intendedNs);
    },
    attemptFailed(stream, cause, message) {
      isRefused[stream] = 1;
      countUp(failedAttempts, cause, message);
    },
    id: lostEvents.id,
    event(stream, number, atNs) {
      if (state[stream] === 'disconnected') back(stream, atNs);
      lostEvents.event(stream, number);
    },
    findings: () => ({
      counts: { ...counts, ...lostEvents.findings().counts },
      failedAttempts,
      unexpectedEvents,
      histograms: { ...histograms, recovery: recovery() },
    }),
  };
}
