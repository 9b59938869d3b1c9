/**
 * Decides which timers of a user's server belong to its streams. Such a server has timers of its
 * own, and nothing marks those of streams. So timers are grouped by their repeat time, and a group
 * belongs to the streams if it has about as many timers as there are open streams, or more. Smaller
 * groups are the server's own. Pure.
 */
import type { Releases, TimerGroups } from './holdings.ts';

/**
 * How much a group may differ from the number of streams. It allows for streams that open or end
 * while the timers are counted, and for own timers with the same repeat time.
 */
const tolerance = 0.1;
/** The group of timers that fire once. */
const once = '0';

export interface StreamTimers {
  /** Whether timers that fire once belong to the streams. */
  fireOnce: boolean;
  /**
   * @param left watched timers that were not cleared
   * @param once timers that fire once and are running now
   * @returns how many timers of streams are left. A server may start timers again that fire once.
   * So their number is that of all running ones, or 0 if there are fewer than a tenth of the
   * streams.
   */
  held(left: TimerGroups, once: number): number;
  /**
   * When the timers of the streams were cleared: those of the repeat time, or of the group that was
   * cleared last if the repeat time is unknown. Timers that fire once are left out, because they
   * end when they fire.
   */
  clearedNs(releases: Releases, everyMs: number | null): readonly number[];
}

/**
 * @param watched all timers created since the baseline, while the streams are open
 * @param streams the number of open streams
 */
export function streamTimersAmong(watched: TimerGroups, streams: number): StreamTimers {
  const belongs = ([, count]: [string, number]) =>
    streams > 0 && count >= (1 - tolerance) * streams;
  const groups = new Map(Object.entries(watched).filter(belongs));
  const fireOnce = groups.delete(once);

  /** A few more timers than streams are own timers. Many more belong to earlier streams. */
  function heldIn(group: string, left: number): number {
    const surplus = groups.get(group)! - streams;
    const own = surplus > 0 && surplus <= tolerance * streams ? surplus : 0;
    return Math.max(0, left - own);
  }

  return {
    fireOnce,
    held(left, runningOnce) {
      const repeating = [...groups.keys()].map((group) => heldIn(group, left[group] ?? 0));
      const isOwn = !fireOnce || runningOnce < tolerance * streams;
      return repeating.reduce((sum, count) => sum + count, isOwn ? 0 : runningOnce);
    },
    clearedNs(releases, everyMs) {
      const known = String(everyMs);
      if (groups.has(known)) return releases[known] ?? [];
      const all = [...groups.keys()].map((group) => releases[group] ?? []);
      const lastNs = (cleared: readonly number[]) => cleared.at(-1) ?? 0;
      return all.toSorted((a, b) => lastNs(b) - lastNs(a))[0] ?? [];
    },
  };
}
