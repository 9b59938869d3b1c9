/** Describes the load of a run, and the software and machine that it ran on. */
import type { Environment } from '../../result/run-result.ts';
import { formatDuration } from '../../scenario/duration.ts';
import { kindOf } from '../../scenario/kinds/kinds.ts';
import { delayInWords } from '../../scenario/reconnect-delay.ts';
import type { Scenario } from '../../scenario/scenario.ts';

const grouped = (count: number) => count.toLocaleString('en-US');

/** Describes the load on the servers in one line. */
export function describeScenario(scenario: Scenario): string {
  const { name, load, streams, quietStreams, rampMs, warmUpMs, durationMs } = scenario;
  const ofKind = kindOf(load).describe?.(load, scenario) ?? {};
  const quiet = quietStreams > 0 ? ` and ${grouped(quietStreams)} quiet streams` : '';
  return [
    name ?? '',
    ofKind.aim ?? '',
    `${ofKind.streams ?? `${grouped(streams)} streams`}${quiet}`,
    ...cohorts(scenario),
    events(scenario),
    scenario.serverProcesses === 1 ? '' : `${scenario.serverProcesses} processes per server`,
    ofKind.event ?? '',
    scenario.reconnect ? `clients reconnect ${delayInWords(scenario.reconnect)}` : '',
    scenario.disconnect === 'fin' ? '' : `disconnect by ${scenario.disconnect}`,
    ofKind.phases ??
      `ramp ${formatDuration(rampMs)}, warm-up ${formatDuration(warmUpMs)}, measurement ${formatDuration(durationMs)}`,
    ofKind.rounds ??
      (scenario.rounds === 1 ? '1 round' : `${scenario.rounds} rounds in shuffled order`),
  ]
    .filter((part) => part !== '')
    .join('; ');
}

function cohorts({ slowReaders, slowBytesPerSecond, remainingStreams }: Scenario): string[] {
  const pace = slowBytesPerSecond > 0 ? `${grouped(slowBytesPerSecond)} bytes/s` : 'nothing';
  return [
    slowReaders > 0 ? `${grouped(slowReaders)} slow readers that read ${pace}` : '',
    remainingStreams > 0
      ? `${grouped(remainingStreams)} streams that remain when the others disconnect`
      : '',
  ];
}

function events({ intervalMs, payloadBytes, ticker }: Scenario): string {
  const pace =
    intervalMs === null
      ? 'events at the server’s own interval'
      : intervalMs === 0
        ? 'events at unlimited rate'
        : `one event per ${formatDuration(intervalMs)}`;
  const size = payloadBytes > 0 ? ` with ${grouped(payloadBytes)} bytes` : '';
  return `${pace}${size}${ticker === 'shared' ? ', one timer for all streams' : ''}`;
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
    placement === null ? 'cores chosen by the system' : describePlacement(placement),
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
