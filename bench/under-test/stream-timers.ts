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
/**
 * Groups with a smaller share of the streams count as one group: a server may choose the repeat
 * time of each stream at random. Groups of a connection pool are usually larger, and fewer.
 */
const smallShare = 0.2;
/**
 * With a smaller share of the streams, running timers that fire once are own timers, such as those
 * of idle connections to a database.
 */
const onceShare = 0.5;
/** The group of timers that fire once. */
const once = '0';

export interface StreamTimers {
  /** Whether timers that fire once belong to the streams. */
  fireOnce: boolean;
  /**
   * @param left watched timers that were not cleared
   * @param once timers that fire once and are running now
   * @returns how many timers of streams are left. A server may start timers again that fire once.
   * So their number is that of all running ones, or 0 if there are fewer than half of the streams.
   */
  held(left: TimerGroups, once: number): number;
  /**
   * When the timers of the streams were cleared: those of the repeat time, or of the group that was
   * cleared last if the repeat time is unknown. Timers that fire once are left out, because they
   * end when they fire.
   */
  clearedNs(releases: Releases, everyMs: number | null): readonly number[];
}

/** Timers that count together. */
interface Group {
  /** Their repeat times. */
  names: readonly string[];
  /** How many there were while the streams were open. */
  count: number;
}

/**
 * @param watched all timers created since the baseline, while the streams are open
 * @param streams the number of open streams
 */
export function streamTimersAmong(watched: TimerGroups, streams: number): StreamTimers {
  const isMany = (count: number) => streams > 0 && count >= (1 - tolerance) * streams;
  const groups = groupsIn(watched, smallShare * streams).filter(({ count }) => isMany(count));
  const fireOnce = isMany(watched[once] ?? 0);

  /** A few more timers than streams are own timers. Many more belong to earlier streams. */
  function heldIn({ names, count }: Group, left: TimerGroups): number {
    const surplus = count - streams;
    const own = surplus > 0 && surplus <= tolerance * streams ? surplus : 0;
    return Math.max(0, sum(names.map((name) => left[name] ?? 0)) - own);
  }

  return {
    fireOnce,
    held(left, runningOnce) {
      const isOwn = !fireOnce || runningOnce < onceShare * streams;
      return sum(groups.map((group) => heldIn(group, left))) + (isOwn ? 0 : runningOnce);
    },
    clearedNs(releases, everyMs) {
      const known = groups.filter(({ names }) => String(names) === String(everyMs));
      const all = (known.length > 0 ? known : groups).map(({ names }) =>
        names.flatMap((name) => releases[name] ?? []).toSorted((a, b) => a - b),
      );
      const lastNs = (cleared: readonly number[]) => cleared.at(-1) ?? 0;
      return all.toSorted((a, b) => lastNs(b) - lastNs(a))[0] ?? [];
    },
  };
}

/** The groups of repeating timers, with all that have fewer than `least` timers as one. */
function groupsIn(watched: TimerGroups, least: number): Group[] {
  const all = Object.entries(watched).filter(([name]) => name !== once);
  const small = all.filter(([, count]) => count < least);
  return [
    ...all.filter(([, count]) => count >= least).map(([name, count]) => ({ names: [name], count })),
    { names: small.map(([name]) => name), count: sum(small.map(([, count]) => count)) },
  ];
}

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
