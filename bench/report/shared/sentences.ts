/** Sentences that several reports use. */
import type { ServerSummary } from '../../metrics/summary.ts';
import {
  interrupted,
  type Environment,
  type FailedRound,
  type RunResult,
} from '../../result/run-result.ts';
import { formatDuration } from '../../scenario/duration.ts';
import { kindOf } from '../../scenario/kinds/kinds.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { metrics } from '../../metrics/metrics.ts';
import type { judgeByKind } from '../../verdict/kind-verdicts.ts';
import type { ThresholdVerdict } from '../../verdict/thresholds.ts';
import { formatNumber } from './format.ts';

/** Describes the load on the servers in one line. */
export function describeScenario(scenario: Scenario): string {
  const {
    name,
    load,
    streams,
    slowReaders,
    slowBytesPerSecond,
    remainingStreams,
    quietStreams,
    intervalMs,
    payloadBytes,
    ticker,
    rampMs,
    warmUpMs,
    durationMs,
    rounds,
    disconnect,
  } = scenario;
  const ofKind = kindOf(load).describe?.(load, scenario) ?? {};
  const quiet = quietStreams > 0 ? ` and ${quietStreams} quiet ones` : '';
  return [
    name ?? '',
    ofKind.aim ?? '',
    `${ofKind.streams ?? `${streams.toLocaleString('en-US')} streams`}${quiet}`,
    slowReaders > 0
      ? `${slowReaders.toLocaleString('en-US')} more that ${slowBytesPerSecond > 0 ? `read ${slowBytesPerSecond.toLocaleString('en-US')} bytes a second` : 'stop reading'}`
      : '',
    remainingStreams > 0
      ? `${remainingStreams.toLocaleString('en-US')} more that stay when those leave`
      : '',
    `${paceOf(intervalMs)}${payloadBytes > 0 ? `, of ${payloadBytes.toLocaleString('en-US')} bytes` : ''}${ticker === 'shared' ? ', from one timer for all streams' : ''}`,
    ofKind.event ?? '',
    disconnect === 'fin' ? '' : `leaving by ${disconnect}`,
    ofKind.phases ??
      `ramp ${formatDuration(rampMs)}, warm-up ${formatDuration(warmUpMs)}, measuring ${formatDuration(durationMs)}`,
    ofKind.rounds ?? (rounds === 1 ? 'one round' : `${rounds} rounds in shuffled order`),
  ]
    .filter((part) => part !== '')
    .join('; ');
}

function paceOf(intervalMs: number | null): string {
  if (intervalMs === null) return 'events at the server’s own pace';
  return intervalMs === 0
    ? 'events as fast as they are read'
    : `an event each ${formatDuration(intervalMs)}`;
}

export function describeEnvironment({
  ssebench,
  commit,
  node,
  platform,
  kernel,
  cpu,
  cores,
  memoryBytes,
  placement,
}: Environment): string {
  return [
    `ssebench ${ssebench}${commit ? ` (${commit})` : ''}, Node ${node.slice(1)}`,
    `${platform} ${kernel}, ${cpu}, ${cores} cores, ${Math.round(memoryBytes / 2 ** 30)} GiB`,
    placement === null ? 'cores left to the system' : describePlacement(placement),
  ].join('; ');
}

/** Names a core only if the server was pinned to it. */
function describePlacement({
  server,
  load,
  unpinned,
}: NonNullable<Environment['placement']>): string {
  const ofServer =
    server.length === 0
      ? []
      : [`${unpinned ? 'reference servers' : 'server'} on core ${server.join(', ')}`];
  const ofLoad = `load on ${server.length === 0 ? 'core ' : ''}${load.join(', ')}`;
  const others = unpinned ? [server.length === 0 ? 'server not pinned' : 'URLs not pinned'] : [];
  return [...ofServer, ofLoad, ...others].join(', ');
}

/** The cell text of a server without figures. */
export function cellWithoutFigures({ failedRounds }: ServerSummary): string {
  if (failedRounds.length === 0) return '–';
  return failedRounds.every(({ message }) => message === interrupted) ? 'interrupted' : 'failed';
}

/** The title of a server's row. */
export function rowTitle({ server, invalid }: ServerSummary): string {
  return invalid ? `${server} (invalid)` : server;
}

/** Explains why rounds of a server are invalid, and what to change: a line for each reason. */
export function doubtLines({ server, invalid, invalidRounds }: ServerSummary): string[] {
  const all = invalidRounds.flatMap(({ round, doubts }) =>
    doubts.map((doubt) => ({ round, ...doubt })),
  );
  return [...Map.groupBy(all, ({ check }) => check).values()].map((same) => {
    const [{ finding, remedy }] = same as [(typeof same)[number]];
    const rounds = `${same.length > 1 ? 'rounds' : 'round'} ${same.map(({ round }) => round).join(', ')}`;
    return `${server}, ${rounds}: invalid${invalid ? '' : ' and left out'}: ${finding}. ${remedy}`;
  });
}

/**
 * Below these limits nothing collects events. The last one excludes a delay that is a small part of
 * the delivery time, as with full buffers.
 */
const leastPerRead = 1.1;
const leastCollectedMs = 5;
const leastCollectedShare = 0.4;

/**
 * Reports that several events arrive at a time, and how much that delays them. Empty if they do
 * not.
 */
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
    `events come ${formatNumber(perRead)} at a time, the first up to ${formatNumber(olderMs)} ms older than the last (p90): the server, or a proxy on the way, collects them`,
  ];
}

/** Remarks that a reader needs in addition to a server's figures, one sentence each. */
export function remarks(summary: ServerSummary): string[] {
  const {
    server,
    figures,
    failures,
    failedAttempts,
    unexpectedEvents,
    measuredRounds,
    failedRounds,
  } = summary;
  if (measuredRounds === 0) return [];
  const most = (name: string) => {
    const figure = figures.get(name);
    return typeof figure === 'object' ? figure.max : 0;
  };
  const count = (name: string) => formatNumber(most(name));
  return [
    ...Object.entries(failures).map(
      ([cause, failure]) =>
        `${formatNumber(failure.count)} streams failed: ${cause}${failure.example && ` (${failure.example})`}`,
    ),
    ...Object.entries(failedAttempts).map(
      ([cause, failure]) =>
        `${formatNumber(failure.count)} attempts to come again failed: ${cause}${failure.example && ` (${failure.example})`}`,
    ),
    ...(most('not-reconnected') > 0
      ? [
          `up to ${count('not-reconnected')} of the ${count('cut')} streams of a round were not back when the measuring ended: recovery is that of the others`,
        ]
      : []),
    ...(most('ended') > 0
      ? [`the server ended up to ${count('ended')} streams of a round before we did`]
      : []),
    ...(most('missing') > 0 ? [`up to ${count('missing')} events of a round are missing`] : []),
    ...Object.entries(unexpectedEvents).map(
      ([what, cause]) =>
        `${formatNumber(cause.count)} events were unexpected: ${what} (${cause.example})`,
    ),
    ...collecting(summary),
    ...(most('held-timers') > 0
      ? [
          `it still held ${count('held-timers')} timers three seconds after all streams had left: a leak, whose line --leak-check names`,
        ]
      : []),
    ...(most('held-sockets') > 0
      ? [`it still held ${count('held-sockets')} sockets three seconds after all streams had left`]
      : []),
    ...(figures.get('events') !== undefined && most('events') === 0 && failedRounds.length === 0
      ? ['streams opened, but no event came in the measuring']
      : []),
  ].map((remark) => `${server}: ${remark}`);
}

/** For a server that compresses: a line for each content encoding. */
export function compressionLines({ server, encodings }: ServerSummary): string[] {
  const megabytes = (bytes: number) => `${formatNumber(bytes / 2 ** 20)} MB`;
  return Object.entries(encodings).map(
    ([encoding, { streams, sentBytes, decodedBytes }]) =>
      `${server}: ${formatNumber(streams)} ${streams === 1 ? 'stream was' : 'streams were'} compressed (${encoding}): ${megabytes(decodedBytes)} of events in ${megabytes(sentBytes)}`,
  );
}

/** One line for a threshold of a server. */
export function describeThreshold({
  server,
  threshold: { text, metric },
  state,
  found,
  reason,
}: ThresholdVerdict): string {
  const is =
    found === undefined
      ? reason
      : `${formatNumber(found)} ${metrics.find(({ name }) => name === metric)!.unit}`.trim();
  const words = { held: 'holds', broken: 'does not hold', unknown: 'is not shown to hold' };
  return `${server}: ${text} ${words[state]}: ${is}`;
}

/** One line for the verdict of the load kind on a server. */
export const describeKindVerdict = ({
  server,
  state,
  sentence,
}: ReturnType<typeof judgeByKind>[number]): string => `${server}: ${state}: ${sentence}`;

/** One line for a failed round. */
export function describeFailure({ server, round, phase, message }: FailedRound): string {
  if (message === interrupted)
    return `${server}, round ${round}, was interrupted in phase “${phase}”`;
  return `${server}, round ${round}, failed in phase “${phase}”: ${message}`;
}

/** One line if the result is incomplete; empty otherwise. */
export function describeStatus({
  status,
  rounds,
  servers,
  scenario,
}: RunResult): string | undefined {
  if (status === 'complete') return undefined;
  const planned = servers.length * scenario.rounds;
  if (rounds.length === planned) return 'This result is partial: its last round was ended early.';
  return `This result is partial: ${rounds.length} of ${planned} rounds are in it.`;
}
