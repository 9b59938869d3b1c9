/**
 * Decides which counts of a running server grow with the disconnects of its clients. Pure.
 *
 * A server in production is never idle: what it holds follows the number of its clients. So an
 * inspection is evidence only in comparison with inspections that had about as many connections:
 *
 * - It is a record if more is held than at each earlier inspection with at least half as many
 *   connections. If there were fewer then, the earlier count is first increased in proportion.
 * - It ends the records if an earlier inspection with no more connections held as much.
 * - Otherwise it decides nothing, as during the rise in the morning.
 *
 * A count that comes and goes sets a record ever more rarely. A pool or a cache sets no more records
 * when it is full. Six records in a row are an alarm, if enough is held for the number of
 * disconnects, and if the growth has not slowed down. Entries of collections need 24, because a
 * cache that is not full yet grows with the disconnects too.
 */
import {
  countsOf,
  heldKey,
  isRate,
  mustConfirm,
  type Held,
  type HeldKind,
} from '../result/held.ts';

/** An inspection of a running process. */
export interface Observation {
  atMs: number;
  held: readonly Held[];
  /** Open connections of clients. */
  open: number;
  /** Connections that closed since the inspection before. */
  disconnects: number;
}

/** A count with several records in a row. */
export interface Growth {
  /** The count of the newest inspection. */
  held: Held;
  records: number;
  needed: number;
  /** The growth that more connections do not explain, since the inspection before these records. */
  grown: number;
  /** The disconnects since then. */
  disconnects: number;
  /** Both together. */
  perDisconnect: number;
  /** The time of that inspection. */
  sinceMs: number;
  isAlarm: boolean;
}

/** The count of one thing in an inspection. */
interface Point extends Omit<Observation, 'held'> {
  count: number;
}

/** Fewer disconnects belong to the next inspection, since a leak may skip some of them. */
const leastDisconnects = 10;
/** Fewer records in a row are not worth a line. */
const leastRecords = 3;
/** Less growth is not worth an alarm. */
const leastGrowth = 10;
/**
 * The growth per disconnect in the newer half of the records must be at least this share of that in
 * the older half.
 */
const leastPace = { usual: 0.5, mustConfirm: 0.8 };
/** Older inspections are not compared. At 10 minutes these are two days. */
export const mostObservations = 300;

/** How many records in a row are an alarm. */
export const recordsNeeded = { usual: 6, mustConfirm: 24 } as const;

/** An alarm needs this number of inspections: the first, and the records after it. */
export const inspectionsToJudge: number = recordsNeeded.usual + 1;

const needed = (kind: HeldKind) => recordsNeeded[mustConfirm(kind) ? 'mustConfirm' : 'usual'];

/**
 * @param observations all inspections of one process, in order
 * @param tolerated growth per disconnect that is no alarm
 * @returns the growing counts, the largest growth first
 */
export function growthIn(observations: readonly Observation[], tolerated: number): Growth[] {
  const compared = withDisconnects(observations.slice(-mostObservations)).map(
    ({ held, ...others }) => ({ ...others, counts: countsOf(held) }),
  );
  return (observations.at(-1)?.held ?? [])
    .filter(({ kind }) => !isRate(kind))
    .flatMap((held) => {
      const key = heldKey(held);
      const points = compared.map(({ counts, ...others }) => ({
        ...others,
        count: counts.get(key) ?? 0,
      }));
      return growthOf(held, points, tolerated) ?? [];
    })
    .toSorted((a, b) => b.grown - a.grown);
}

/** Leaves out inspections after too few disconnects; these count for the next inspection. */
function withDisconnects(observations: readonly Observation[]): Observation[] {
  const compared: Observation[] = [];
  let disconnects = 0;
  for (const observation of observations) {
    disconnects += observation.disconnects;
    if (compared.length > 0 && disconnects < leastDisconnects) continue;
    compared.push({ ...observation, disconnects });
    disconnects = 0;
  }
  return compared;
}

function growthOf(held: Held, points: readonly Point[], tolerated: number): Growth | undefined {
  const most = needed(held.kind);
  const { records, from } = newestRecords(points, most);
  const base = points[from];
  if (records < leastRecords || base === undefined) return undefined;
  const within = points.slice(from);
  const grown = unexplained(base, within.at(-1)!);
  const disconnects = disconnectsIn(within);
  const pace = leastPace[mustConfirm(held.kind) ? 'mustConfirm' : 'usual'];
  return {
    held,
    records,
    needed: most,
    grown,
    disconnects,
    perDisconnect: grown / disconnects,
    sinceMs: base.atMs,
    isAlarm:
      records >= most &&
      grown >= leastGrowth &&
      grown > tolerated * disconnects &&
      keepsPace(within, pace),
  };
}

/**
 * The newest records in a row, up to a number.
 *
 * @returns also the place of the inspection before the first of them
 */
function newestRecords(points: readonly Point[], most: number): { records: number; from: number } {
  let [records, from] = [0, points.length];
  for (let place = points.length - 1; place > 0 && records < most; place--) {
    const is = stateOf(points, place);
    if (is === 'returned') break;
    if (is === 'undecided') continue;
    records++;
    from = place - 1;
  }
  return { records, from };
}

function stateOf(points: readonly Point[], place: number): 'record' | 'returned' | 'undecided' {
  const point = points[place]!;
  let isCompared = false;
  let isHighest = true;
  for (const earlier of points.slice(0, place)) {
    if (earlier.open <= point.open && earlier.count >= point.count) return 'returned';
    if (2 * earlier.open < point.open) continue;
    isCompared = true;
    isHighest &&= unexplained(earlier, point) > 0;
  }
  return isCompared && isHighest ? 'record' : 'undecided';
}

/** The growth beyond that in proportion to the connections. */
const unexplained = (before: Point, after: Point): number =>
  after.count - before.count * Math.max(1, after.open / Math.max(1, before.open));

/** @param points the first is the one before these disconnects */
const disconnectsIn = (points: readonly Point[]): number =>
  points.slice(1).reduce((sum, { disconnects }) => sum + disconnects, 0);

/** Whether the newer half of the disconnects has added about as much per disconnect as the older. */
function keepsPace(points: readonly Point[], least: number): boolean {
  const half = disconnectsIn(points) / 2;
  const middle = points.findIndex((_, place) => disconnectsIn(points.slice(0, place + 1)) >= half);
  const rate = (part: readonly Point[]) =>
    unexplained(part[0]!, part.at(-1)!) / disconnectsIn(part);
  // All disconnects of a busy interval are in one part.
  if (middle === points.length - 1) return rate(points.slice(middle - 1)) > 0;
  return rate(points.slice(middle)) >= least * rate(points.slice(0, middle + 1));
}
