/** Checks whether the machine has enough descriptors and ports for the streams of a run. */
import type { Complain } from './complaint.ts';
import { localAddressesFor, reservedDescriptors, type MachineLimits } from './limits.ts';
import { flagOf } from './option.ts';
import { runOptions } from './options.ts';
import { startsWithUs, type ServerUnderTest } from './scenario.ts';

interface Demand {
  streams: number;
  /** The load of the kind that needs room, if that is more. */
  room: { most: number; what: string; fewer: string } | undefined;
  /** Slow readers and remaining streams. */
  others: number;
  /** How many quiet streams accompany this many paced ones. */
  quietStreamsFor(streams: number): number;
}

/** Complains about everything that the machine has no room for. */
export function checkRoom(
  serversUnderTest: readonly ServerUnderTest[],
  { streams: usual, room, others, quietStreamsFor }: Demand,
  limits: MachineLimits,
  complain: Complain,
): void {
  const streams = room?.most ?? usual;
  const what = room?.what ?? `${flagOf(runOptions.streams)} ${streams}`;
  const quietStreams = quietStreamsFor(streams);
  const all = streams + quietStreams + others;
  const forServer = limits.descriptors - reservedDescriptors;
  if (forServer < 1) {
    complain(
      `ulimit -n ${limits.descriptors}: too low, because a process needs ${reservedDescriptors} file descriptors besides those of its streams; ` +
        'raise it, such as with ulimit -n 4096',
    );
  } else if (serversUnderTest.some(startsWithUs) && all > forServer) {
    let most = forServer;
    while (most > 0 && most + quietStreamsFor(most) + others > forServer) most--;
    const extra = others > 0 ? ` and ${others} slow or remaining streams` : '';
    const fewer = others > 0 ? 'fewer slow or remaining streams' : 'fewer quiet streams';
    const use = room?.fewer ?? (most > 0 ? `at most ${most}` : fewer);
    complain(
      `${what}: with ${quietStreams} quiet streams${extra}, a server needs ` +
        `${all + reservedDescriptors} file descriptors, but its limit is ${limits.descriptors}; ` +
        `use ${use}, or raise the limit with ulimit -n`,
    );
  }
  for (const serverUnderTest of serversUnderTest) {
    if (serverUnderTest.kind !== 'url') continue;
    const { hostname } = new URL(serverUnderTest.url);
    if (localAddressesFor(hostname, all, limits)[0] === undefined && all > limits.ports) {
      complain(
        `${what}: this machine has only ${limits.ports} local ports for connections to ${hostname}; use ${room ? room.fewer : `at most ${limits.ports}`}, ` +
          `or widen net.ipv4.ip_local_port_range`,
      );
    }
  }
}
