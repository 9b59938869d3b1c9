/**
 * Counts clients that a server has closed, as the system sees it. A client that does not read never
 * notices: the end of its connection waits behind all unread data. Pure.
 */
import type { Timeline } from '../result/run-result.ts';

export interface Evictions {
  /**
   * Connections to a server of the user, or descriptors of a reference server, that the server
   * closed between their highest number and the end of the measurement.
   */
  closed: number;
  /**
   * From the end of the ramp until the server had closed half of them, to 0.5 s. `null` if it
   * closed none.
   */
  afterMs: number | null;
}

/** @returns `undefined` if the system reports neither descriptors nor connections */
export function evictionsIn({ phases, samples }: Timeline): Evictions | undefined {
  const startOf = (name: string) => phases.find(({ phase }) => phase === name)?.atMs;
  const [fromMs, toMs] = [startOf('warm up') ?? 0, startOf('disconnect') ?? Infinity];
  const seen = samples.flatMap(({ atMs, descriptors, connections }) => {
    const open = connections ?? descriptors;
    return open !== null && atMs <= toMs ? [{ atMs, open }] : [];
  });
  if (seen.length === 0) return undefined;
  const most = Math.max(...seen.map(({ open }) => open));
  const closed = most - seen.at(-1)!.open;
  const peak = seen.findIndex(({ open }) => open === most);
  const half = seen.slice(peak).find(({ open }) => open <= most - closed / 2);
  return { closed, afterMs: closed > 0 ? Math.max(0, half!.atMs - fromMs) : null };
}
