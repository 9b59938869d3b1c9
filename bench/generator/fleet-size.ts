/** The number of generators, which a plan needs before any of them starts. */
import { availableParallelism } from 'node:os';
import { reservedDescriptors } from '../scenario/limits.ts';

/**
 * The event rate that one generator's event loop receives with room to spare. At saturation, a small
 * event costs it 6 µs of CPU time (`npm run generator-cost`), so its limit is about 150,000. Larger
 * events, JSON data and compression cost several times as much.
 */
const eventsPerSecond = 50_000;

/**
 * How many generators a load needs. There are always enough for its descriptors. For its events
 * there are at most as many as there are cores.
 */
export function generatorsFor(
  load: { streams: number; eventsPerSecond: number },
  machine: { descriptors: number; loadCores: number | undefined },
): number {
  const forDescriptors = Math.ceil(load.streams / (machine.descriptors - reservedDescriptors));
  const forEvents = Math.ceil(load.eventsPerSecond / eventsPerSecond);
  return Math.max(
    1,
    forDescriptors,
    Math.min(forEvents, machine.loadCores ?? availableParallelism()),
  );
}
