/** Metrics that count streams and events. Lost events are neither load nor throughput. */
import { decideNumbering, type NumberingDecision } from '../measure/numbering.ts';
import { sum, type Metric, type Readings } from './metric.ts';

const rows = [
  {
    name: 'opened',
    label: 'opened',
    unit: '',
    group: 'audit',
    moreIsBetter: true,
    definition: 'Measured streams (not the quiet ones) whose response began.',
    of: ({ counts }) => counts.opened,
  },
  {
    name: 'failed',
    label: 'failed',
    unit: '',
    group: 'audit',
    definition:
      'Streams, also quiet ones, that could not be opened or broke, and event streams that became silent. The report lists the causes.',
    headline: true,
    of: ({ failures }) => sum(Object.values(failures).map(({ count }) => count)),
  },
  {
    name: 'dropped',
    label: 'dropped',
    unit: '',
    group: 'audit',
    definition: 'Streams that were planned and never started.',
    of: ({ planned, counts }) => planned - counts.started,
  },
  {
    name: 'ended',
    label: 'ended',
    unit: '',
    group: 'audit',
    definition: 'Streams that the server ended without a request to do so.',
    of: ({ counts }) => counts.ended,
  },
  {
    name: 'missing',
    label: 'missing',
    unit: '',
    group: 'audit',
    definition:
      'Events that never arrived, although later events of the same stream did (by the counter in their data).',
    headline: true,
    of: audited(({ missing }, before) => missing + (before?.lostBefore ?? 0)),
  },
  {
    name: 'duplicate',
    label: 'duplicate',
    unit: '',
    group: 'audit',
    definition: 'Numbers of the counter that arrived again.',
    of: audited(({ duplicate }) => duplicate),
  },
  {
    name: 'out-of-order',
    label: 'out of order',
    unit: '',
    group: 'audit',
    definition: 'Numbers of the counter that arrived after a higher one.',
    of: audited(({ outOfOrder }) => outOfOrder),
  },
  {
    name: 'flawed',
    label: 'flawed streams',
    unit: '',
    group: 'audit',
    definition: 'Streams with missing, duplicate or out-of-order numbers.',
    of: audited(({ flawedStreams }, before) => flawedStreams + (before?.flawedBefore ?? 0)),
  },
  {
    name: 'not-utf8',
    label: 'not UTF-8',
    unit: '',
    group: 'audit',
    definition:
      'Events with bytes that are not UTF-8, or with the replacement character for such bytes.',
    of: ({ unexpectedEvents }) => unexpectedEvents['not UTF-8']?.count ?? 0,
  },
] as const satisfies readonly Metric[];

export const auditMetrics: readonly Metric[] = rows;
export type AuditMetric = (typeof rows)[number]['name'];

/**
 * Returns a finding about the sequence. It exists if every event carried a number, or if some event
 * had one at the path that the user gave, and these count up by one.
 */
export function audited(
  finding: (counts: Readings['counts'], numbering: NumberingDecision | undefined) => number,
): Metric['of'] {
  return ({ counts, numbering }) => {
    const decided = decideNumbering(numbering);
    const isCounted = counts.eventsInAll > 0 && counts.uncounted === 0;
    if (decided?.countsUp === false) return undefined;
    return isCounted || decided ? finding(counts, decided) : undefined;
  };
}
