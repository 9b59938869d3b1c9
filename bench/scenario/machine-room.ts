/** Checks whether the machine has enough descriptors, ports and memory for the streams of a run. */
import type { Complain } from './complaint.ts';
import { largest, streamsOf, type Demand, type DemandedStreams } from './demand.ts';
import { chooseServerProcesses } from './descriptor-room.ts';
import { localAddressesFor, reservedDescriptors, type MachineLimits } from './limits.ts';
import { bytesNeeded, inGigabytes } from './memory-room.ts';
import type { ServerUnderTest } from './scenario.ts';
import { roomIn, serverProcessesFor } from './server-processes.ts';

/**
 * Complains about everything that the machine has no room for.
 *
 * @returns the number of processes of a reference server, which means nothing after a complaint
 */
export function checkRoom(
  serversUnderTest: readonly ServerUnderTest[],
  demand: Demand,
  limits: MachineLimits,
  complain: Complain,
): number {
  const { descriptors } = limits;
  if (roomIn(1, descriptors) < 1) {
    complain(
      `ulimit -n ${descriptors}: too low, because a process needs ${reservedDescriptors} file descriptors besides those of its streams; ` +
        'raise it, such as with ulimit -n 4096',
    );
    return 1;
  }
  const streams = streamsOf(demand);
  const processes = chooseServerProcesses(serversUnderTest, demand, streams, descriptors, complain);
  checkPorts(serversUnderTest, streams, limits, complain);
  const bytesFor = (all: number) => {
    const connections = Math.ceil(all / demand.perConnection);
    const forAll = demand.given ?? serverProcessesFor(connections, descriptors);
    return bytesNeeded(serversUnderTest, all, Math.min(forAll, processes), limits);
  };
  const { what, all, fewer } = streams;
  if (bytesFor(all) > limits.memoryBytes) {
    const fitting = largest(all, (count) => bytesFor(count) <= limits.memoryBytes);
    complain(
      `${what}: server and generators need about ${inGigabytes(bytesFor(all))} of memory, but this machine has ${inGigabytes(limits.memoryBytes)} available; ` +
        `use ${fewer(Math.floor(fitting / demand.perConnection))}, or free memory`,
    );
  }
  return processes;
}

function checkPorts(
  serversUnderTest: readonly ServerUnderTest[],
  { what, connections, fewer }: DemandedStreams,
  limits: MachineLimits,
  complain: Complain,
): void {
  const hosts = serversUnderTest.map((server) =>
    server.kind === 'url' ? new URL(server.url).hostname : '127.0.0.1',
  );
  for (const host of new Set(hosts)) {
    const usesUsual = localAddressesFor(host, connections, limits)[0] === undefined;
    if (usesUsual && connections > limits.ports) {
      complain(
        `${what}: this machine has only ${limits.ports} local ports for connections to ${host}; use ${fewer(limits.ports)}, ` +
          `or widen net.ipv4.ip_local_port_range`,
      );
    }
  }
}
