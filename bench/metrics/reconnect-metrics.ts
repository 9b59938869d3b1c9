/** Metrics of streams that end or are cut, and of their clients' reconnects. */
import type { Durations } from '../measure/durations.ts';
import { decideNumbering } from '../measure/numbering.ts';
import { sum, type Metric, type Readings } from './metric.ts';

const ofCut =
  (figure: (readings: Readings) => number | undefined): Metric['of'] =>
  (readings) =>
    readings.counts.cut > 0 ? figure(readings) : undefined;

/** Clients reconnect, after a cut on request or whenever the server ends their stream. */
const ofReconnects =
  (figure: (readings: Readings) => number | undefined): Metric['of'] =>
  (readings) =>
    readings.counts.cut + readings.counts.reconnecting > 0 ? figure(readings) : undefined;

/** A finding that exists only if events have numbers that count up. */
const ofNumbered = (figure: (counts: Readings['counts']) => number): Metric['of'] =>
  ofReconnects(({ counts, numbering }) =>
    counts.unnumberedReconnects === 0 && decideNumbering(numbering)?.countsUp !== false
      ? figure(counts)
      : undefined,
  );

const whenever =
  (figure: (counts: Readings['counts']) => number): Metric['of'] =>
  ({ counts }) =>
    counts.reconnecting > 0 ? figure(counts) : undefined;

const peakOverMs = 100;

/** The highest number of attempts in any 0.1 s, wherever it begins, scaled to one second. */
function peakPerSecond(attempts: Durations): number {
  const all = attempts.recorded();
  let [most, within, first] = [0, 0, 0];
  for (const { valueMs, count } of all) {
    within += count;
    while (all[first]!.valueMs <= valueMs - peakOverMs) within -= all[first++]!.count;
    most = Math.max(most, within);
  }
  return most * (1_000 / peakOverMs);
}

const rows = [
  {
    name: 'cut',
    label: 'cut',
    unit: '',
    group: 'audit',
    only: 'a cut',
    definition: 'Streams that were cut on request, by the server or by their clients.',
    of: ofCut(({ counts }) => counts.cut),
  },
  {
    name: 'not-reconnected',
    label: 'not reconnected',
    unit: '',
    group: 'audit',
    only: 'a cut',
    definition: 'Cut streams that received no event again before the end.',
    of: ofCut(({ counts }) => counts.cut - counts.reconnected),
  },
  {
    name: 'connect-rate',
    label: 'peak connect rate',
    unit: '/s',
    group: 'throughput',
    only: 'a cut',
    definition:
      'The most attempts to reconnect in any 100 ms after the cut, times ten. Failed attempts count too. It follows from how long clients wait.',
    of: ofCut(({ durations }) => peakPerSecond(durations.reconnectAttempt)),
  },
  {
    name: 'failed-attempts',
    label: 'failed attempts',
    unit: '',
    group: 'audit',
    only: 'clients that reconnect',
    definition:
      'Attempts to reconnect that were refused or broke. After a cut, a stream that reconnects and breaks later also counts. Clients try again while there is time. The report lists the causes.',
    of: ofReconnects(({ failedAttempts }) =>
      sum(Object.values(failedAttempts).map(({ count }) => count)),
    ),
  },
  {
    name: 'missed-over-cut',
    label: 'missed over reconnects',
    unit: '',
    group: 'audit',
    only: 'clients that reconnect',
    definition:
      'Events that a client never received: those between its last event before a reconnect and its first event after it. A server that honours Last-Event-ID can send them. Events need numbers that count up, in their data or as their ids.',
    of: ofNumbered(({ missedOverCut }) => missedOverCut),
  },
  {
    name: 'doubled-over-cut',
    label: 'doubled over reconnects',
    unit: '',
    group: 'audit',
    only: 'clients that reconnect',
    definition:
      'Events that a client received before a reconnect and again after it, computed from its first event after it. A server that starts the stream from the beginning doubles all of them.',
    of: ofNumbered(({ doubledOverCut }) => doubledOverCut),
  },
  {
    name: 'lost',
    label: 'streams over',
    unit: '',
    group: 'audit',
    only: '--reconnect',
    definition:
      'How often the server, or something on the way, ended or cut a stream, if clients reconnect. Counts in the whole run.',
    of: whenever(({ lost }) => lost),
  },
  {
    name: 'broken',
    label: 'broken',
    unit: '',
    group: 'audit',
    only: '--reconnect',
    definition: 'How many of these streams had no complete response, for example after a reset.',
    of: whenever(({ broken }) => broken),
  },
  {
    name: 'resumed',
    label: 'resumed',
    unit: '',
    group: 'audit',
    only: '--reconnect',
    definition: 'How often events flowed again after a reconnect.',
    of: whenever(({ reconnected }) => reconnected),
  },
] as const satisfies readonly Metric[];

export const reconnectMetrics: readonly Metric[] = rows;
export type ReconnectMetric = (typeof rows)[number]['name'];
