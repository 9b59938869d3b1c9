/** Limits on how long a generator or the server waits for a core. */
import { percent, type Check } from './check.ts';

/**
 * `mostWaited` is a share of the time in which there was work. `leastWaited` is a share of the
 * measurement: below it, waiting does no harm.
 */
const mostWaited = 0.2;
const leastWaited = 0.02;

const waitedLimit = `at most ${percent(mostWaited)} of its busy time; ignored below ${percent(leastWaited)} of the measurement`;

function waitedTooLong(waitedShare: number | null, cpuShare: number): string | undefined {
  if (waitedShare === null || waitedShare < leastWaited) return undefined;
  const ofItsWork = waitedShare / (waitedShare + cpuShare);
  return ofItsWork > mostWaited
    ? `waited for a core in ${percent(ofItsWork)} of its busy time, over ${percent(mostWaited)}`
    : undefined;
}

export const coreLimits: readonly Check[] = [
  {
    name: 'generator waiting for a core',
    limit: waitedLimit,
    reason: 'Another process used the generator’s core, so events waited.',
    remedy: 'Stop other programs on this machine, and give ssebench at least two cores.',
    remedyForUrl: 'Run the server on other cores than the load.',
    finding: ({ generators, durationMs }) =>
      generators
        .map(({ waitedShare, cpuNs }) => waitedTooLong(waitedShare, cpuNs / 1e6 / durationMs))
        .filter((waited) => waited !== undefined)
        .map((waited) => `a generator ${waited}`)[0],
  },
  {
    name: 'server waiting for a core',
    limit: waitedLimit,
    reason: 'Another process used the server’s core, so its latency includes the wait.',
    remedy: 'Stop other programs on this machine, or give ssebench at least two cores.',
    finding({ process }) {
      const waited =
        process && waitedTooLong(process.waitedShare, process.cpuNs / 1e6 / process.cpuOverMs);
      return waited ? `the server ${waited}` : undefined;
    },
  },
];
