/**
 * One finding for each leak: merges the modes in which the same thing leaks, and lists its
 * consequences under it. Pure.
 */
import { heldKey, heldKinds, isRate, placeText, type Held } from './held.ts';
import { adviceFor } from './leak-advice.ts';
import type { Leak, LeakFinding, ModeResult } from './leak-result.ts';

/** The leaks of a mode. */
type ModeLeaks = Pick<ModeResult, 'mode' | 'about'> & { leaks: readonly Leak[] };

/** A thing that leaks, and its leaks in each mode. */
interface Thing {
  leak: Leak;
  modes: { mode: string; about: string; leak: Leak }[];
}

/** @returns the findings of all modes, those in the user's own code first */
export function findingsOf(modes: readonly ModeLeaks[]): LeakFinding[] {
  const groups = Map.groupBy(thingsIn(modes), ({ leak }) => lineOf(leak) ?? heldKey(leak));
  const causes = [...groups.values()].flatMap((things) => byModes(things.toSorted(byCause)));
  const own = causes.filter(([first]) => isOwn(first!.leak));
  const others = causes.filter(([first]) => !isOwn(first!.leak));
  const alone = others.filter((things) => {
    const cause = own.find(([first]) => things.every((thing) => isConsequence(thing, first!)));
    cause?.push(...things);
    return cause === undefined;
  });
  return [...own, ...alone].map(([first, ...consequences]) => findingOf(first!, consequences));
}

function thingsIn(modes: readonly ModeLeaks[]): Thing[] {
  const things = new Map<string, Thing>();
  for (const { mode, about, leaks } of modes) {
    for (const leak of leaks) {
      const thing = things.get(heldKey(leak)) ?? { leak, modes: [] };
      thing.modes.push({ mode, about, leak });
      things.set(heldKey(leak), thing);
    }
  }
  return [...things.values()];
}

/**
 * Things of one line that leak in other modes than the first are findings of their own, so that
 * every mode that leaks is a mode of a finding.
 */
function byModes(things: readonly Thing[]): Thing[][] {
  const [first, ...rest] = things;
  if (first === undefined) return [];
  const modes = new Set(first.modes.map(({ mode }) => mode));
  const isWith = (thing: Thing) => thing.modes.every(({ mode }) => modes.has(mode));
  return [[first, ...rest.filter(isWith)], ...byModes(rest.filter((thing) => !isWith(thing)))];
}

const lineOf = ({ place }: Held) => place && placeText(place);
/** Whether the line belongs to the user's own code. */
const isOwn = ({ place }: Held): boolean =>
  place !== undefined && !/node_modules\/|^node:/.test(place.file);

/** Listeners of errors are only added beside something else, so they are never the cause. */
const rank = ({ kind, what }: Held) =>
  Object.keys(heldKinds).indexOf(kind) + (what === "listener of 'error'" ? 100 : 0);
/** A timer or a listener is rather the cause of a held socket than the reverse. */
const byCause = ({ leak: a }: Thing, { leak: b }: Thing) => rank(a) - rank(b);

/** A rate may differ by this much from a multiple of another. */
const slack = 0.1;

/**
 * Whether a thing without a line of its own leaks in no other modes than another thing, and an equal
 * number or a multiple of it. It is then listed under the other one, which must be fixed first.
 */
function isConsequence(thing: Thing, cause: Thing): boolean {
  if (isRate(thing.leak.kind)) return false;
  return thing.modes.every(({ mode, leak }) => {
    const other = cause.modes.find((each) => each.mode === mode)?.leak;
    if (other === undefined || (other.groups === undefined) !== (leak.groups === undefined))
      return false;
    const ratio = rateOf(leak) / rateOf(other);
    return Math.round(ratio) >= 1 && Math.abs(ratio - Math.round(ratio)) <= slack;
  });
}

/** For each group if it leaks once per group, and otherwise for each disconnect. */
const rateOf = ({ count, groups, perDisconnect }: Leak) =>
  groups === undefined ? perDisconnect : count / groups;

function findingOf({ leak, modes }: Thing, consequences: readonly Thing[]): LeakFinding {
  const names = modes.map(({ mode }) => mode);
  return {
    ...identityOf(leak),
    ...(leak.holder !== undefined && { holder: leak.holder }),
    modes: modes.map(({ mode, about, leak: found }) => ({
      mode,
      about,
      count: found.count,
      perDisconnect: found.perDisconnect,
      disconnects: found.disconnects,
      ...(found.interval !== undefined && { interval: found.interval }),
      ...(found.groups !== undefined && { groups: found.groups }),
      afterMs: found.afterMs,
      releasedAfterMs: found.releasedAfterMs,
      ...(found.rounds !== undefined && { rounds: found.rounds }),
    })),
    consequences: consequences.map((thing) => ({
      ...identityOf(thing.leak),
      perDisconnect: thing.leak.perDisconnect,
      ...(thing.leak.groups !== undefined && { perGroup: thing.leak.count / thing.leak.groups }),
      modes: thing.modes.map(({ mode }) => mode),
    })),
    ...adviceFor(leak.kind, names, leak.groups !== undefined),
  };
}

const identityOf = ({ kind, what, place, traced, library }: Held) => ({
  kind,
  what,
  place,
  traced,
  library,
});

/** The leak of a finding in all its modes together. */
export function totalOf({ modes, ...thing }: LeakFinding): Leak {
  const sum = (of: (mode: LeakFinding['modes'][number]) => number) =>
    modes.reduce((total, mode) => total + of(mode), 0);
  const [count, disconnects] = [sum((mode) => mode.count), sum((mode) => mode.disconnects)];
  const groups = modes.flatMap((mode) => mode.groups ?? []);
  const late = modes.map(({ releasedAfterMs }) => releasedAfterMs);
  const [only] = modes;
  return {
    ...identityOf({ ...thing, count }),
    count,
    disconnects,
    ...(modes.length === 1 && only!.interval && { interval: only!.interval }),
    ...(groups.length === modes.length && { groups: sum((mode) => mode.groups ?? 0) }),
    perDisconnect:
      modes.length === 1
        ? only!.perDisconnect
        : sum((mode) => mode.perDisconnect * mode.disconnects) / disconnects,
    afterMs: Math.min(...modes.map(({ afterMs }) => afterMs)),
    releasedAfterMs: late.includes(null) ? null : Math.max(...(late as number[])),
  };
}
