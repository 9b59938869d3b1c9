/**
 * Counts clients that a server has closed, as the system sees it. A client that does not read never
 * notices: the end of its connection waits behind all unread data. Pure.
 */
import type { Timeline } from '../result/run-result.ts';

export interface Evictions {
  /**
   * Descriptors that the server closed between their highest number and the end of the measurement.
   */
  closed: number;
  /**
   * From the end of the ramp until the server had closed half of them, to 0.5 s. `null` if it
   * closed none.
   */
  afterMs: number | null;
}

/** @returns `undefined` if the system does not report descriptors */
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
