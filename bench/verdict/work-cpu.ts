/**
 * Computes the CPU time that a server uses for each client that has disconnected. Pure.
 *
 * Crowds follow one another while the server still works for the clients of earlier ones, and
 * inspections interrupt what can be observed. So this finds the rate for a client, and multiplies it
 * by how long the work lasts. The close of the connections comes first and has its own rate.
 */
import {
  ageOf,
  closesWithinMs,
  type IdleWork,
  type LeftClients,
  type WorkCrowd,
  type WorkMoment,
} from './work-moments.ts';

/** CPU time that ssebench itself may cause in a part of the observation. */
const ownMs = 1;
/** Other work that costs less than this, per disconnect, hides nothing. */
const negligibleMs = 0.1;
/** Less than this, compared with the possible error, is hidden by other work. */
const leastCertain = 2;

interface Interval extends WorkMoment {
  crowd: WorkCrowd;
  age: number;
  cpuMs: number;
}

interface Duration {
  /** How long the work lasts; `null` if longer than it was watched. */
  lastsMs: number | null;
  watchedMs: number;
  idle: IdleWork | undefined;
}

/** @returns milliseconds; `null` if unknown, or if other work hides it */
export function cpuPerClient(
  crowds: readonly WorkCrowd[],
  earlier: readonly LeftClients[],
  { lastsMs, watchedMs, idle }: Duration,
): number | null {
  if (idle === undefined) return null;
  const known = crowds.flatMap((crowd) =>
    crowd.moments.flatMap((moment): Interval[] =>
      moment.cpuMs === null || moment.ms === 0
        ? []
        : [{ ...moment, cpuMs: moment.cpuMs, crowd, age: ageOf(crowd, moment) }],
    ),
  );
  const isClose = ({ age, ms }: Interval) => age - ms < closesWithinMs;
  /** Clients that the server works for in an interval. */
  const clientsIn = ({ atMs, ms }: Interval) =>
    [...earlier, ...crowds]
      .filter(({ leftMs }) => leftMs < atMs && atMs - ms - leftMs < (lastsMs ?? Infinity))
      .reduce((sum, { clients }) => sum + clients, 0);
  const close = known.filter(isClose);
  const closed = [...new Set(close.map(({ crowd }) => crowd))];
  if (closed.length === 0) return null;
  const clients = total(closed, (crowd) => crowd.clients);
  const closeMs = total(close, ({ ms }) => ms) / closed.length;
  const laterMs = Math.max(0, (lastsMs ?? watchedMs) - closeMs);
  const later = known.filter((each) => !isClose(each) && clientsIn(each) > 0);
  const laterClientMs = total(later, (each) => clientsIn(each) * each.ms);
  if (laterMs > 0 && laterClientMs === 0) return null;
  const share = laterMs > 0 ? laterMs / laterClientMs : 0;
  const rate = share === 0 ? 0 : excess(later, idle) / laterClientMs;

  const ofEarlier = total(close, (each) => rate * each.ms * (clientsIn(each) - each.crowd.clients));
  const cpuMs = (excess(close, idle) - Math.max(0, ofEarlier)) / clients + rate * laterMs;
  const errorMs = error(close, idle) / clients + share * error(later, idle);
  return errorMs > negligibleMs && cpuMs < leastCertain * errorMs ? null : Math.max(0, cpuMs);
}

const total = <Each>(all: readonly Each[], of: (each: Each) => number): number =>
  all.reduce((sum, each) => sum + of(each), 0);

const excess = (intervals: readonly Interval[], { cpuRate }: IdleWork) =>
  total(intervals, ({ cpuMs, ms }) => cpuMs - cpuRate * ms);

const error = (intervals: readonly Interval[], { cpuSpread }: IdleWork) =>
  ownMs + cpuSpread * total(intervals, ({ ms }) => ms);
