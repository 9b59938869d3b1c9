/** Chooses the number of server processes by the limit of file descriptors. Pure. */
import type { Complain } from './complaint.ts';
import type { Demand, DemandedStreams } from './demand.ts';
import { reservedDescriptors } from './limits.ts';
import { flagOf } from './option.ts';
import { runOptions } from './options.ts';
import { startsWithUs, type ServerUnderTest } from './scenario.ts';
import { mostServerProcesses, roomIn, serverProcessesFor } from './server-processes.ts';

const flag = flagOf(runOptions.serverProcesses);

/**
 * Complains if the processes cannot hold the streams.
 *
 * @param descriptors the limit of each process
 * @returns the number of processes of a reference server
 */
export function chooseServerProcesses(
  serversUnderTest: readonly ServerUnderTest[],
  { given, isOneClient }: Pick<Demand, 'given' | 'isOneClient'>,
  streams: DemandedStreams,
  descriptors: number,
  complain: Complain,
  platform: NodeJS.Platform = process.platform,
): number {
  const canShare = platform === 'linux';
  if (given !== undefined && given > 1 && !canShare)
    complain(
      `${flag} ${given}: works only on Linux, because other systems do not spread connections over the processes of one port; leave it out`,
    );
  const started = serversUnderTest.filter(startsWithUs);
  // A server of the user counts as one process.
  const hasOwn = started.some(({ kind }) => kind === 'url');
  const isOne = isOneClient || hasOwn || !canShare || given === 1;
  if (started.length === 0) return given ?? 1;
  if (isOne) {
    const mayHaveMore = canShare && !isOneClient && !hasOwn;
    const room = roomIn(1, descriptors);
    if (streams.connections > room)
      complain(
        `${streams.whatWithOthers}, a ${isOneClient ? 'client' : 'server'} needs ${streams.connections + reservedDescriptors} file descriptors, but its limit is ${descriptors}; ` +
          solutions(streams, room, mayHaveMore, descriptors),
      );
    return given ?? 1;
  }
  const processes =
    given ?? Math.min(serverProcessesFor(streams.connections, descriptors), mostServerProcesses);
  const room = roomIn(processes, descriptors);
  if (streams.connections > room)
    complain(
      `${streams.whatWithOthers}, ${processes} server processes with ${descriptors} file descriptors each have room for ${room} ${streams.connections === streams.all ? 'streams' : 'connections'}; ` +
        solutions(streams, room, true, descriptors),
    );
  return processes;
}

function solutions(
  { connections, fewer }: DemandedStreams,
  room: number,
  mayHaveMore: boolean,
  descriptors: number,
): string {
  const needed = serverProcessesFor(connections, descriptors);
  const more = mayHaveMore && needed !== Infinity ? `, ${flag} ${needed}` : '';
  return `use ${fewer(room)}${more}, or raise the limit with ulimit -n`;
}
