/** How many processes a reference server needs for its streams. Pure. */
import { reservedDescriptors } from './limits.ts';

/** More processes than any test needs. */
export const mostServerProcesses = 256;

/**
 * The system spreads connections over the processes by chance. The busiest of them may get this many
 * standard deviations more than its share: one start in a million exceeds that.
 */
const deviations = 5;

/**
 * The most streams that these processes can hold together.
 *
 * @param descriptors the limit of each process
 */
export function roomIn(processes: number, descriptors: number): number {
  const each = descriptors - reservedDescriptors;
  if (processes === 1 || each === Infinity) return each;
  // share + deviations × √(share × (1 − 1/processes)) = each
  const spread = deviations * Math.sqrt(1 - 1 / processes);
  const share = ((Math.sqrt(spread ** 2 + 4 * each) - spread) / 2) ** 2;
  return Math.floor(processes * share);
}

/** @returns the fewest processes that can hold the streams; `Infinity` if there are too many */
export function serverProcessesFor(streams: number, descriptors: number): number {
  for (let processes = 1; processes <= mostServerProcesses; processes++)
    if (roomIn(processes, descriptors) >= streams) return processes;
  return Infinity;
}
