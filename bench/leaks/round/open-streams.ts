/** Measures whether a server needs more and more memory while its streams are open and healthy. */
import type { Held } from '../../result/held.ts';
import type { Examination } from './examination.ts';

const settleMs = 1_000;
const windows = 3;
/** Garbage collections vary by as much in short windows as in longer ones, which show less growth. */
const windowMs = { usual: 1_000, longer: 3_000 };
/**
 * Growth in a second that is ignored. Code that runs for the first time needs memory too, and one
 * garbage collection does not find everything.
 */
const leastGrowth = { kbPerStream: 2, kb: 150 };
/** The share of it by which the memory must grow in each of the longer windows. */
const leastShare = 0.5;

/**
 * Inspects the memory after equal times, while clients read. From outside, memory also grows for
 * other reasons, so it is not measured.
 *
 * @param isLonger whether to watch three times as long
 * @returns the growth in KB over all windows; 0 if it is too small. In longer windows, the memory must
 * grow in each of them
 */
export async function watchOpenStreams(
  { server: { inspection }, time, signal }: Pick<Examination, 'server' | 'time' | 'signal'>,
  streams: number,
  isLonger = false,
): Promise<number> {
  if (inspection.kind === 'outside') return 0;
  const inKb = async () => (await inspection.memoryBytes()) / 1024;
  // Streams that have just opened still release memory of their start.
  await time.sleep(settleMs, signal);
  const eachMs = windowMs[isLonger ? 'longer' : 'usual'];
  const sizes = [await inKb()];
  for (let n = 0; n < windows; n++) {
    await time.sleep(eachMs, signal);
    sizes.push(await inKb());
  }
  const leastKb = Math.max(leastGrowth.kb, leastGrowth.kbPerStream * streams);
  const least = (leastKb * eachMs) / 1_000;
  return isLonger && !growsInEach(sizes, leastShare * least) ? 0 : growthInAll(sizes, least);
}

/** @returns the sum of all growths; 0 if they are not above the least on average */
export function growthInAll(sizes: readonly number[], least: number): number {
  const growth = sizes.at(-1)! - sizes[0]!;
  return growth > least * (sizes.length - 1) ? growth : 0;
}

/** Whether each growth is above the least. */
export const growsInEach = (sizes: readonly number[], least: number): boolean =>
  sizes.slice(1).every((size, place) => size - sizes[place]! > least);

/**
 * Converts a growth of memory into a count for all streams.
 *
 * @param events that all streams together received meanwhile
 */
export function growthHeld(growthKb: number, events: number, streams: number): Held[] {
  if (growthKb === 0 || events === 0) return [];
  return [
    {
      kind: 'growth',
      what: 'memory of streams that are open and healthy',
      place: undefined,
      library: undefined,
      traced: false,
      count: (growthKb / events) * streams,
    },
  ];
}
