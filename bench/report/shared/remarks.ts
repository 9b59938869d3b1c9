/** Remarks that a reader needs in addition to a server's figures. */
import type { ServerSummary } from '../../metrics/summary.ts';
import type { Causes } from '../../result/recording.ts';
import { eventProblems, type Conditions } from './event-notes.ts';
import { formatNumber } from './format.ts';

/**
 * Below these limits nothing collects events. The last one excludes a delay that is a small part of
 * the delivery time, as with full buffers.
 */
const leastPerRead = 1.1;
const leastCollectedMs = 5;
const leastCollectedShare = 0.4;

/** One sentence for each remark; none for a server without figures. */
export function remarks(summary: ServerSummary, conditions: Conditions): string[] {
  const {
    server,
    figures,
    failures,
    failedAttempts,
    unexpectedEvents,
    uninspected,
    measuredRounds,
    failedRounds,
  } = summary;
  if (measuredRounds === 0) return [];
  const most = (name: string) => {
    const figure = figures.get(name);
    return typeof figure === 'object' ? figure.max : 0;
  };
  const ifAny = (name: string, sentence: (count: string) => string) =>
    most(name) > 0 ? [sentence(formatNumber(most(name)))] : [];
  const hasNoEvents =
    figures.get('events') !== undefined && most('events') === 0 && failedRounds.length === 0;
  return [
    ...causesIn(failures, 'streams failed'),
    ...causesIn(failedAttempts, 'reconnect attempts failed'),
    ...ifAny(
      'not-reconnected',
      (count) =>
        `up to ${count} of ${formatNumber(most('cut'))} cut streams in a round had not recovered when the measurement ended; recovery times are those of the others`,
    ),
    ...ifAny(
      'ended',
      (count) =>
        `the server ended streams before the clients disconnected, ${count} in the worst round${lifetimeIn(summary)}; --reconnect measures how clients reconnect`,
    ),
    ...ifAny('missing', (count) => `up to ${count} events are missing in a round`),
    ...ifAny('duplicate', (count) => `up to ${count} events arrived again in a round`),
    ...ifAny('out-of-order', (count) => `up to ${count} events were out of order in a round`),
    ...(most('lost') + most('cut') > 0 && typeof figures.get('missed-over-cut') !== 'object'
      ? [
          'neither the data of its events nor their ids count up by one, so events missed or doubled over reconnects are unknown',
        ]
      : []),
    ...eventProblems(summary, conditions),
    ...causesIn(unexpectedEvents, 'events were unexpected'),
    ...collecting(summary),
    ...ifAny(
      'held-timers',
      (count) =>
        `the server still held ${count} timers 3 s after all streams disconnected: a leak; --leak-check finds its source line`,
    ),
    ...ifAny(
      'held-sockets',
      (count) => `the server still held ${count} sockets 3 s after all streams disconnected`,
    ),
    ...uninspected.map(
      (why) =>
        `measured without V8’s inspector, so heap memory, timers held and release times are unknown: ${why}`,
    ),
    ...(hasNoEvents ? ['streams opened, but no events arrived during the measurement'] : []),
  ].map((remark) => `${server}: ${remark}`);
}

/** `, after 2,000 ms (median)`; empty if it is unknown. */
function lifetimeIn({ figures }: ServerSummary): string {
  const lifetime = figures.get('lifetime.p50');
  return typeof lifetime === 'object' ? `, after ${formatNumber(lifetime.median)} ms (median)` : '';
}

const causesIn = (causes: Causes, what: string) =>
  Object.entries(causes).map(
    ([cause, { count, example }]) =>
      `${formatNumber(count)} ${what}: ${cause}${example && ` (${example})`}`,
  );

/** Reports that several events arrive at a time, and how much that delays them. */
function collecting({ figures }: ServerSummary): string[] {
  const median = (name: string) => {
    const figure = figures.get(name);
    return typeof figure === 'object' ? figure.median : undefined;
  };
  const [perRead = 1, olderMs = 0, deliveryMs = 0] = [
    'events-per-read',
    'coalescing.p90',
    'delivery.p90',
  ].map(median);
  if (
    perRead < leastPerRead ||
    olderMs < leastCollectedMs ||
    olderMs < leastCollectedShare * deliveryMs
  )
    return [];
  return [
    `events arrive ${formatNumber(perRead)} at a time, the first up to ${formatNumber(olderMs)} ms older than the last (p90): the server, or a proxy, collects them`,
  ];
}

/** For a server that compresses: a line for each content encoding. */
export function compressionLines({ server, encodings }: ServerSummary): string[] {
  const megabytes = (bytes: number) => `${formatNumber(bytes / 2 ** 20)} MB`;
  return Object.entries(encodings).map(
    ([encoding, { streams, sentBytes, decodedBytes }]) =>
      `${server}: ${formatNumber(streams)} ${streams === 1 ? 'stream was' : 'streams were'} compressed (${encoding}): ${megabytes(decodedBytes)} of events in ${megabytes(sentBytes)}`,
  );
}
