/** Checks whether the machine has enough descriptors, ports and memory for the streams of a run. */
import type { Complain } from './complaint.ts';
import { localAddressesFor, reservedDescriptors, type MachineLimits } from './limits.ts';
import { bytesNeeded, inGigabytes } from './memory-room.ts';
import { flagOf } from './option.ts';
import { runOptions } from './options.ts';
import { startsWithUs, type ServerUnderTest } from './scenario.ts';
import { mostServerProcesses, roomIn, serverProcessesFor } from './server-processes.ts';

interface Demand {
  streams: number;
  /** The load of the kind that needs room, if that is more. */
  room: { most: number; what: string; fewer: string } | undefined;
  /** Slow readers and remaining streams. */
  others: number;
  /** How many quiet streams accompany this many paced ones. */
  quietStreamsFor(streams: number): number;
  /** Whether one process opens all streams, because the load kind has its own generator. */
  isOneClient: boolean;
  /** The number of server processes given explicitly. */
  given: number | undefined;
}

/** The streams of a demand, and the words of complaints about them. */
interface Streams {
  what: string;
  all: number;
  quiet: number;
  /** The advice for a machine that has room for `forAll` streams in all. */
  fewer(forAll: number): string;
}

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
  const forOne = roomIn(1, limits.descriptors);
  if (forOne < 1) {
    complain(
      `ulimit -n ${limits.descriptors}: too low, because a process needs ${reservedDescriptors} file descriptors besides those of its streams; ` +
        'raise it, such as with ulimit -n 4096',
    );
    return 1;
  }
  const streams = streamsOf(demand);
  const processes = processesOf(serversUnderTest, demand, streams, limits, complain);
  checkPorts(serversUnderTest, demand, streams, limits, complain);
  const needed = bytesNeeded(serversUnderTest, streams.all, processes, limits);
  if (needed > limits.memoryBytes) {
    const fits = (all: number) =>
      bytesNeeded(
        serversUnderTest,
        all,
        demand.given ?? serverProcessesFor(all, limits.descriptors),
        limits,
      ) <= limits.memoryBytes;
    complain(
      `${streams.what}: server and generators need about ${inGigabytes(needed)} of memory, but this machine has ${inGigabytes(limits.memoryBytes)} available; ` +
        `use ${streams.fewer(most(streams.all, fits))}, or free memory`,
    );
  }
  return processes;
}

function streamsOf({ streams: usual, room, others, quietStreamsFor }: Demand): Streams {
  const streams = room?.most ?? usual;
  const quiet = quietStreamsFor(streams);
  return {
    what: room?.what ?? `${flagOf(runOptions.streams)} ${streams}`,
    all: streams + quiet + others,
    quiet,
    fewer(forAll) {
      if (room) return room.fewer;
      const paced = most(streams, (count) => count + quietStreamsFor(count) + others <= forAll);
      if (paced > 0) return `at most ${paced}`;
      return others > 0 ? 'fewer slow or remaining streams' : 'fewer quiet streams';
    },
  };
}

/** @returns the largest number up to `limit` that fits, if all smaller ones fit too; else 0 */
function most(limit: number, fits: (count: number) => boolean): number {
  let [low, high] = [0, limit];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Chooses the number of server processes by their descriptors, or checks the given one. */
function processesOf(
  serversUnderTest: readonly ServerUnderTest[],
  { given, others, isOneClient }: Demand,
  { what, all, quiet, fewer }: Streams,
  { descriptors }: MachineLimits,
  complain: Complain,
): number {
  const started = serversUnderTest.filter(startsWithUs);
  const extra = others > 0 ? ` and ${others} slow or remaining streams` : '';
  const those = `${what}: with ${quiet} quiet streams${extra}`;
  // A server of the user counts as one process. So does a client that is not a fleet.
  const isOne = isOneClient || started.some(({ kind }) => kind === 'url');
  const isAlone = isOne || process.platform !== 'linux' || given === 1;
  if (isAlone && started.length > 0 && all > roomIn(1, descriptors)) {
    const solutions = [
      `use ${fewer(roomIn(1, descriptors))}`,
      ...(given === 1 && !isOne ? [suggestion(all, descriptors)] : []),
      'raise the limit with ulimit -n',
    ];
    complain(
      `${those}, a ${isOneClient ? 'client' : 'server'} needs ${all + reservedDescriptors} file descriptors, but its limit is ${descriptors}; ${listed(solutions)}`,
    );
  }
  if (isAlone || started.length === 0) return given ?? 1;
  const needed = serverProcessesFor(all, descriptors);
  const processes = given ?? Math.min(needed, mostServerProcesses);
  const room = roomIn(processes, descriptors);
  if (all > room)
    complain(
      `${those}, ${processes} server processes with ${descriptors} file descriptors each have room for ${room} streams; ` +
        listed([
          `use ${fewer(room)}`,
          ...(needed === Infinity ? [] : [suggestion(all, descriptors)]),
          'raise the limit with ulimit -n',
        ]),
    );
  return processes;
}

const suggestion = (all: number, descriptors: number) =>
  `${flagOf(runOptions.serverProcesses)} ${serverProcessesFor(all, descriptors)}`;

const listed = (solutions: readonly string[]) =>
  `${solutions.slice(0, -1).join(', ')}, or ${solutions.at(-1)}`;

function checkPorts(
  serversUnderTest: readonly ServerUnderTest[],
  { room }: Demand,
  { what, all }: Streams,
  limits: MachineLimits,
  complain: Complain,
): void {
  const hosts = serversUnderTest.map((server) =>
    server.kind === 'url' ? new URL(server.url).hostname : '127.0.0.1',
  );
  for (const host of new Set(hosts)) {
    if (localAddressesFor(host, all, limits)[0] === undefined && all > limits.ports) {
      complain(
        `${what}: this machine has only ${limits.ports} local ports for connections to ${host}; use ${room ? room.fewer : `at most ${limits.ports}`}, ` +
          `or widen net.ipv4.ip_local_port_range`,
      );
    }
  }
}
