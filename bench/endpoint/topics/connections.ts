/** A second stream at the same time, as a second tab opens it. */
import { counted, time } from '../numbers.ts';
import type { Observations, ObservedStream } from '../observations.ts';
import type { Topic } from './topic.ts';

/** Events of the first stream while the second was open. Fewer may be chance. */
const leastEvents = 3;
/** How much longer than the first the second had to wait for its events. */
const patience = 1.5;
const leastWaitMs = 500;
/** A first stream that ends this soon after the second began ends because of it. */
const soonMs = 1_000;

function whileSecondWasOpen(first: ObservedStream, second: ObservedStream) {
  const fromMs = second.sentAtMs - first.sentAtMs;
  return first.frames.events.filter(({ atMs }) => atMs > fromMs).length;
}

/** Whether the second stream had enough time for what the first sent. */
const hadTime = (first: ObservedStream, second: ObservedStream) =>
  second.watchedMs >=
  leastWaitMs + patience * (first.frames.events[leastEvents - 1]?.atMs ?? Infinity);

export const connections: Topic = {
  name: 'a second connection',
  dependsOnTime: true,
  skip: ({ first, second }) =>
    second === null
      ? 'the first failed'
      : first.frames.events.length < leastEvents
        ? `${counted(first.frames.events.length, 'event')} arrived on the first`
        : undefined,
  rows: [
    {
      name: 'second-blocked',
      severity: 'error',
      what: 'A second stream receives nothing while the first is open.',
      why: 'A second tab or a second user waits until the first disconnects.',
      fix: 'Do not block the event loop or a worker for a stream, and send each event to all streams.',
      find({ first, second }: Observations) {
        if (second === null || second.failure !== null || !hadTime(first, second)) return undefined;
        const events = whileSecondWasOpen(first, second);
        return second.frames.events.length === 0 &&
          (second.status ?? 200) === 200 &&
          events >= leastEvents
          ? `${second.headersAfterMs === null ? 'no headers' : 'no event'} in ${time(second.watchedMs)}, while the first received ${counted(events, 'event')}`
          : undefined;
      },
    },
    {
      name: 'second-refused',
      severity: 'warning',
      what: 'A second stream is refused while the first is open.',
      why: 'A second tab of the same user gets no events.',
      fix: 'Allow several streams per user. If the limit is intended, state it in your documentation.',
      find({ second }) {
        if (second === null || second.status === 200) return undefined;
        return second.status === null ? second.failure?.cause : `status ${second.status}`;
      },
    },
    {
      name: 'first-closed',
      severity: 'warning',
      what: 'The server ends the first stream when a second begins.',
      why: 'EventSource reconnects, so two tabs of one user end each other’s streams forever.',
      fix: 'Allow several streams per user.',
      find({ first, second }) {
        if (second === null || second.endedAfterMs !== null || second.failure !== null)
          return undefined;
        const endMs = first.endedAfterMs ?? (first.failure && first.watchedMs) ?? Infinity;
        const afterMs = endMs - (second.sentAtMs - first.sentAtMs);
        return afterMs >= 0 && afterMs < soonMs && second.watchedMs > 2 * soonMs
          ? `the first ended ${time(afterMs)} after the second began, and the second stayed open`
          : undefined;
      },
    },
  ],
};
