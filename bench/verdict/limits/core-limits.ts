/** Limits on how long a generator or the server waits for a core. */
import type { Readings } from '../../metrics/metric.ts';
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

const waitOfGenerators = ({ generators, durationMs }: Readings): string | undefined =>
  generators
    .map(({ waitedShare, cpuNs }) => waitedTooLong(waitedShare, cpuNs / 1e6 / durationMs))
    .find((waited) => waited !== undefined);

/** Whether generators wait for one another, however idle the rest of the machine is. */
const shareCores = ({ generators }: Readings, loadCores: number | undefined): boolean =>
  loadCores !== undefined && generators.length > loadCores;

export const coreLimits: readonly Check[] = [
  {
    name: 'generator waiting for a core',
    limit: waitedLimit,
    reason: 'Another process used the generator’s core, so events waited.',
    remedy: 'Stop other programs on this machine, and give ssebench at least two cores.',
    remedyForUrl: 'Run the server on other cores than the load.',
    finding(readings, loadCores) {
      const waited = shareCores(readings, loadCores) ? undefined : waitOfGenerators(readings);
      return waited && `a generator ${waited}`;
    },
  },
  {
    name: 'generators sharing cores',
    limit: `${waitedLimit}; only if there are more generators than cores for the load`,
    reason: 'Several generators used the same core, so the events of one waited for the others.',
    remedy:
      'Use fewer streams or fewer events per second (longer --interval), give the load more cores, or run it on another machine.',
    finding(readings, loadCores) {
      const waited = shareCores(readings, loadCores) ? waitOfGenerators(readings) : undefined;
      const [all, cores] = [readings.generators.length, loadCores === 1 ? 'core' : 'cores'];
      return waited && `${all} generators shared ${loadCores} ${cores}, and one ${waited}`;
    },
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
