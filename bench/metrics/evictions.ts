/**
 * Clients that a server has given up, as the system sees it: a client that does not read never learns of it, since the
 * end of its connection waits behind all that it has not read. Pure.
 */
import type { Timeline } from '../result/run-result.ts';

export interface Evictions {
  /** Descriptors that the server's process has closed, from the most that it had open to the end of the measuring. */
  closed: number;
  /** From the end of the ramp until half of them were; to half a second. `null` where there are none. */
  afterMs: number | null;
}

/** @returns nothing where the system does not tell */
export function evictionsIn({ phases, samples }: Timeline): Evictions | undefined {
  const startOf = (name: string) => phases.find(({ phase }) => phase === name)?.atMs;
  const [fromMs, toMs] = [startOf('warm up') ?? 0, startOf('disconnect') ?? Infinity];
  const seen = samples.flatMap(({ atMs, descriptors }) =>
    descriptors !== null && atMs <= toMs ? [{ atMs, descriptors }] : [],
  );
  if (seen.length === 0) return undefined;
  const most = Math.max(...seen.map(({ descriptors }) => descriptors));
  const closed = most - seen.at(-1)!.descriptors;
  const peak = seen.findIndex(({ descriptors }) => descriptors === most);
  const half = seen.slice(peak).find(({ descriptors }) => descriptors <= most - closed / 2);
  return { closed, afterMs: closed > 0 ? Math.max(0, half!.atMs - fromMs) : null };
}
