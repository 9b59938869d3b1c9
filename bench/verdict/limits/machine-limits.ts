/** Limits that the operating system and the host set: listen queues, descriptors, ports, cores. */
import type { Readings } from '../../metrics/metric.ts';
import { above, percent, type Check } from './check.ts';

const mostStolen = 0.05;
const spareDescriptors = 10;

const failed = ({ failures, failedAttempts }: Readings, ...causes: string[]) =>
  // Failures of helper streams have their purpose after the cause, in brackets.
  [...Object.entries(failures), ...Object.entries(failedAttempts)].reduce(
    (sum, [name, { count }]) =>
      sum + (causes.some((cause) => name === cause || name.startsWith(`${cause} (`)) ? count : 0),
    0,
  );

export const machineLimits: readonly Check[] = [
  {
    name: 'listen queue',
    limit: 'no overflow, unless clients reconnect after a cut',
    reason: 'A refused connection tries again after 1 s, which looks like a slow server.',
    remedy:
      'Open fewer streams per second (longer --ramp), or give the server a longer listen backlog.',
    finding({ machine: { listenOverflows }, counts: { cut } }) {
      // After a cut, a refused reconnect is real behaviour of the server, and one of its figures.
      return cut === 0 && above(listenOverflows, 0)
        ? `a listen queue of this machine overflowed ${listenOverflows} times`
        : undefined;
    },
  },
  {
    name: 'descriptors',
    limit: 'none missing, in generators and server',
    reason: 'A limit of the operating system refused streams, not the server.',
    remedy: 'Raise the limit (ulimit -n), or use fewer --streams.',
    finding(readings) {
      const lacking = failed(readings, 'out of file descriptors');
      if (lacking > 0) return `the load ran out of file descriptors for ${lacking} streams`;
      // A Node server without free descriptors accepts a connection and closes it without an error.
      const { open, limit } = readings.process?.descriptors ?? { open: 0, limit: null };
      const refused = failed(readings, 'closed before headers', 'connection reset');
      if (limit === null || refused === 0 || open < limit - spareDescriptors) return undefined;
      return `the server had ${open} of ${limit} file descriptors open, and closed ${refused} streams without a response`;
    },
  },
  {
    name: 'ports',
    limit: 'none missing',
    reason: 'A limit of the operating system refused streams, not the server.',
    remedy: 'Widen net.ipv4.ip_local_port_range, or use fewer --streams.',
    finding(readings) {
      const lacking = failed(readings, 'out of ports');
      return lacking > 0 ? `the load ran out of ports for ${lacking} streams` : undefined;
    },
  },
  {
    name: 'stolen time',
    limit: `at most ${percent(mostStolen)} of the time of all cores`,
    reason: 'The host of this virtual machine stopped its cores at arbitrary moments.',
    remedy: 'Repeat the run when the host is less busy.',
    finding({ machine: { stolenShare } }) {
      return above(stolenShare, mostStolen)
        ? `the host withheld ${percent(stolenShare!)} of the CPU time, over ${percent(mostStolen)}`
        : undefined;
    },
  },
];
