/**
 * Computes the work that a server still does for clients that have disconnected. Pure.
 *
 * Each crowd of clients is compared with the server before that crowd, and the crowds with each
 * other. Work of the server that has nothing to do with clients does not follow their number.
 */
import type { HeldKind } from '../result/held.ts';
import type { Leak, ModeResult } from '../result/leak-result.ts';
import { workFindings } from '../result/work-words.ts';
import type { Work } from '../result/work.ts';
import { cpuPerClient } from './work-cpu.ts';
import {
  ageOf,
  closesWithinMs,
  isComputing,
  type IdleWork,
  type LeftClients,
  type WorkCrowd,
  type WorkMoment,
} from './work-moments.ts';

/** Other work, if there is less than this for each client. */
const leastPerClient = 0.1;
/** Work is in proportion to the clients. A pool, which serves the next crowd, is not: 0.5. */
const leastSteady = 0.6;

/**
 * @param earlier clients of the warm-up and of other modes, for which the server may still work
 * @returns `null` if nothing could be observed
 */
export function workOf(
  all: readonly WorkCrowd[],
  idle: IdleWork | undefined,
  earlier: readonly LeftClients[] = [],
): Work | null {
  const crowds = all.filter(({ moments }) => moments.length > 1);
  if (crowds.length === 0) return null;
  const moments = crowds.flatMap((crowd) => crowd.moments);
  if (moments.every(({ cpuMs, timers }) => cpuMs === null && timers === undefined)) return null;
  const timers = timersPerClient(crowds, idle);
  const upstreams = upstreamsPerClient(crowds);
  const isHeld = heldBy(crowds, timers ?? 0, upstreams);
  const ends = crowds.map((crowd) => endOf(crowd, isHeld, idle));
  const finished = ends.filter((end) => end !== null);
  // A server that does something else after one crowd is not slow. So the shortest time counts.
  const lastsMs = finished.length > 0 ? Math.min(...finished) : null;
  const watchedMs = Math.max(...crowds.map((crowd) => ageOf(crowd, crowd.moments.at(-1)!)));
  const cpuMs = cpuPerClient(crowds, earlier, { lastsMs, watchedMs, idle });
  return { lastsMs, watchedMs, cpuMs, timers, upstreams };
}

/** Work that lasts longer than other work by less than this lasts as long. */
const sameMs = 200;

/** Whether work of some clients goes on that the work of all clients does not show. */
export function showsMore(some: Work | null, all: Work | null): boolean {
  if (some === null || all === null) return false;
  const lastsMs = (work: Work) => work.lastsMs ?? Infinity;
  return (
    lastsMs(some) > lastsMs(all) + sameMs ||
    ((some.timers ?? 0) > 0 && (all.timers ?? 0) === 0) ||
    some.upstreams.length > all.upstreams.length
  );
}

/** The server when all connections had been closed; `undefined` if it was quiet before. */
const remainingOf = (crowd: WorkCrowd): WorkMoment | undefined =>
  crowd.moments.find((moment) => ageOf(crowd, moment) >= closesWithinMs);

/**
 * Timers of earlier crowds can end meanwhile. So compared with the moment before a crowd there are
 * at least as many for each client, and compared with the smallest number at most as many.
 */
function timersPerClient(crowds: readonly WorkCrowd[], idle: IdleWork | undefined): number | null {
  const least = leastTimers(crowds);
  const counts = crowds.map((crowd) => {
    const { clients, before } = crowd;
    const now = remainingOf(crowd)?.timers ?? least;
    return {
      clients,
      atLeast: (now - (before.timers ?? Infinity)) / clients,
      atMost: (now - least) / clients,
    };
  });
  if (!Number.isFinite(least)) return null;
  const most = Math.max(...counts.map(({ atLeast }) => atLeast));
  const isSteady = counts.every(({ atMost }) => atMost >= leastSteady * most);
  if (most < leastPerClient || !isSteady) return 0;
  const smallest = Math.min(...counts.map(({ clients }) => clients));
  return (idle?.timersRange ?? 0) > leastPerClient * most * smallest ? null : most;
}

const leastTimers = (crowds: readonly WorkCrowd[]): number =>
  Math.min(
    ...crowds
      .flatMap(({ before, moments }) => [before, ...moments])
      .map(({ timers }) => timers ?? Infinity),
  );

/** Only connections count that were opened for the clients of the same crowd. */
function upstreamsPerClient(crowds: readonly WorkCrowd[]): Work['upstreams'] {
  const opened = crowds.map((crowd) => {
    const addresses = [...(remainingOf(crowd)?.upstreams ?? [])].flatMap(([id, address]) =>
      crowd.before.upstreams.has(id) ? [] : [address],
    );
    return { clients: crowd.clients, byAddress: Map.groupBy(addresses, (address) => address) };
  });
  return [...opened[0]!.byAddress.keys()].flatMap((address) => {
    const each = opened.map(
      ({ clients, byAddress }) => (byAddress.get(address)?.length ?? 0) / clients,
    );
    const perDisconnect = Math.min(...each);
    return perDisconnect >= Math.max(leastPerClient, leastSteady * Math.max(...each))
      ? [{ address, perDisconnect }]
      : [];
  });
}

type IsHeld = (moment: WorkMoment, crowd: WorkCrowd) => boolean;

/** @returns whether a moment has timers or connections of the last clients */
function heldBy(
  crowds: readonly WorkCrowd[],
  timers: number,
  upstreams: Work['upstreams'],
): IsHeld {
  const least = leastTimers(crowds);
  const known = crowds[0]!.before.upstreams;
  return (moment, { clients }) => {
    const isMore = (count: number, perClient: number) =>
      perClient > 0 && count > leastPerClient * perClient * clients;
    return (
      isMore((moment.timers ?? least) - least, timers) ||
      upstreams.some(({ address, perDisconnect }) => {
        const open = [...moment.upstreams].filter(([id, to]) => to === address && !known.has(id));
        return isMore(open.length, perDisconnect);
      })
    );
  };
}

/** @returns how long the work for a crowd lasted; `null` if it lasted longer than it was watched */
function endOf(crowd: WorkCrowd, isHeld: IsHeld, idle: IdleWork | undefined): number | null {
  const { moments } = crowd;
  const lastHeld = moments.findLastIndex((moment) => isHeld(moment, crowd));
  const computing = computingAfter(crowd, idle);
  if (lastHeld === moments.length - 1) return null;
  // The end of what was held shows the end of the computing too, even if an inspection hides it.
  if (lastHeld < 0 && !computing.hasEnded) return null;
  // Something held was released before the next moment. Computing ended before its own.
  return ageOf(crowd, moments[Math.max(1, lastHeld + 1, computing.last)]!);
}

/**
 * The computing that began with the disconnect: later computing has another cause. `last` is its
 * last moment, or -1.
 */
export function computingAfter(
  { moments }: WorkCrowd,
  idle: IdleWork | undefined,
): { last: number; hasEnded: boolean } {
  const quiet = moments.findIndex((each) => each.cpuMs !== null && !isComputing(each, idle));
  const until = quiet < 0 ? moments.length : quiet;
  const last = moments.slice(0, until).findLastIndex((each) => isComputing(each, idle));
  return { last, hasEnded: last < 0 || quiet >= 0 };
}

/**
 * V8 also finds timers that do not keep the process running. A leaked timer works on, so the work
 * lasts longer than the deadline.
 */
export function workWithLeaks(work: Work | null, leaks: readonly Leak[]): Work | null {
  const leaked = leaks
    .filter(({ kind }) => kind === 'timer')
    .reduce((sum, { perDisconnect }) => sum + perDisconnect, 0);
  if (work === null || leaked === 0) return work;
  return { ...work, lastsMs: null, timers: Math.max(leaked, work.timers ?? 0) };
}

/** Things that only remain in memory. */
const idleKinds: ReadonlySet<HeldKind> = new Set([
  'entry',
  'response',
  'promise',
  'descriptor',
  'heap',
]);

/**
 * The failure of a strict check if the server still works at the deadline. A leak is a failure
 * already. A leaked timer works on, so if that leak is tolerated, so is its work.
 *
 * @param tolerated leaks that the user ignores or tolerates
 * @returns at most one sentence
 */
export function strictFailures(
  mode: ModeResult,
  {
    strict,
    deadlineMs,
    tolerated = [],
  }: { strict: boolean; deadlineMs: number; tolerated?: readonly Leak[] },
): string[] {
  const { work, leaks } = mode;
  if (!strict || !work || leaks.length > 0) return [];
  if (tolerated.some(({ kind }) => !idleKinds.has(kind))) return [];
  return (work.lastsMs ?? work.watchedMs) < deadlineMs
    ? []
    : workFindings([mode]).map(({ text, advice }) => `${text}. ${advice}`);
}
