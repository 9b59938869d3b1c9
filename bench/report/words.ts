/** Sentences that more than one report needs. */
import type { Environment, FailedRound, RunResult } from '../result.ts';
import { formatDuration } from '../scenario/duration.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { printable } from './format.ts';

/** What is asked of the servers, in one line. */
export function describeScenario(scenario: Scenario): string {
  const { streams, quietStreams, intervalMs, rampMs, warmUpMs, durationMs, rounds } = scenario;
  return [
    `${streams.toLocaleString('en-US')} streams${quietStreams > 0 ? ` and ${quietStreams} quiet ones` : ''}`,
    intervalMs === null ? 'events at the server’s own pace' : `an event each ${formatDuration(intervalMs)}`,
    `ramp ${formatDuration(rampMs)}, warm-up ${formatDuration(warmUpMs)}, measuring ${formatDuration(durationMs)}`,
    rounds === 1 ? 'one round' : `${rounds} rounds in shuffled order`,
  ].join('; ');
}

export function describeEnvironment({ ssebench, commit, node, platform, kernel, cpu, cores, memoryBytes, placement }: Environment): string {
  const where = placement
    ? `server on core ${placement.server.join(', ')}, load on ${placement.load.join(', ')}`
    : 'cores left to the system';
  return [
    `ssebench ${ssebench}${commit ? ` (${commit})` : ''}, Node ${node.slice(1)}`,
    `${platform} ${kernel}, ${cpu}, ${cores} cores, ${Math.round(memoryBytes / 2 ** 30)} GiB`,
    where,
  ].join('; ');
}

/** One line on a round that came to nothing. */
export function describeFailure({ server, round, phase, message }: FailedRound): string {
  return `${server}, round ${round}, failed in phase “${phase}”: ${printable(message)}`;
}

/** One line on a result that is not whole, or nothing. */
export function describeStatus({ status, rounds, targets, scenario }: RunResult): string | undefined {
  if (status === 'complete') return undefined;
  const planned = targets.length * scenario.rounds;
  return `This result is partial: ${rounds.length} of ${planned} rounds were begun, and the last was cut short.`;
}
