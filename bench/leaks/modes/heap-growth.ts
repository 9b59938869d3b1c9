/**
 * Searches for memory that remains after disconnects, in a mode in which nothing else was found: a
 * property of a plain object for each client, for example, or a string.
 */
import { grownBetween, type Held } from '../../result/held.ts';
import type { Leak } from '../../result/leak-result.ts';
import type { DisconnectMode } from '../../scenario/disconnect-modes.ts';
import {
  heapSlopeOf,
  isGrowing,
  isHeapHeld,
  isHeapSuspect,
  type HeapRound,
} from '../../verdict/heap-growth.ts';
import type { Examination } from '../round/examination.ts';
import type { Tried } from './mode-result.ts';
import { deadlineIn } from '../round/round.ts';
import type { SearchOptions } from '../search/search.ts';
import { isTolerated } from '../search/tolerated.ts';
import { searchedIn, searchOptions } from './searched-mode.ts';
import { baselineOf } from '../round/baseline.ts';
import type { ModeWatch } from './watch.ts';

/** The first confirming rounds are small. The last one fills caches, like that of entries. */
const confirming = [
  { share: 1, waves: 1 },
  { share: 2, waves: 1 },
  { share: 1, waves: 2 },
  { share: 1, waves: 10 },
];
const heap = { kind: 'heap', what: 'memory that nothing else explains', traced: false } as const;
const known = 'heap';

/** The memory before a mode, the clients until then, and what the server held. */
export interface HeapBefore {
  kb: number;
  disconnects: number;
  held: readonly Held[];
}

/**
 * From outside, memory cannot be judged. In the process of a test, it is also that of ssebench. Some
 * modes judge it in their own way.
 *
 * @returns `undefined` in these cases
 */
export async function heapBefore(
  examination: Examination,
  { watchesMemory, staysOpen, network }: DisconnectMode,
): Promise<HeapBefore | undefined> {
  if (watchesMemory || staysOpen || network === 'cut') return undefined;
  const { inspection } = examination.server;
  const { held } = (examination.baseline ??= await baselineOf(inspection, examination.time));
  const kb = (examination.heapKb ??= await inspection.heapKb());
  return kb === undefined ? undefined : { kb, held, disconnects: examination.disconnects };
}

/**
 * Compares the memory after a mode with that before it. If it grew too much, more rounds confirm or
 * refute that.
 */
export async function withHeapGrowth(
  examination: Examination,
  mode: DisconnectMode,
  before: HeapBefore | undefined,
  tried: Tried,
  watch: ModeWatch,
): Promise<Tried> {
  const { found, lacksLine } = tried;
  examination.heapKb = undefined;
  if (before === undefined || lacksLine || found.skipped !== null || found.leaks.length > 0)
    return tried;
  const afterKb = (await examination.server.inspection.heapKb())!;
  examination.heapKb = afterKb;
  const usual = {
    disconnects: examination.disconnects - before.disconnects,
    grownKb: afterKb - before.kb,
  };
  if (!isHeapSuspect(usual)) return tried;
  const options = searchOptions(mode, examination.options);
  if (isTolerated(leakOf(usual), options)) return tried;
  if (await isExplained(examination, before, usual, options)) return tried;
  const { leak, rounds } = examination.known.has(known)
    ? { leak: leakOf(usual), rounds: [usual] }
    : await confirm(examination, mode, usual, watch);
  const disconnects = rounds.reduce((sum, round) => sum + round.disconnects, 0);
  const isFound = leak !== undefined && !isTolerated(leak, options);
  const held = isFound ? await stillHeld(examination, mode, leak) : undefined;
  if (held === undefined) return { ...tried, found: { ...found, disconnects } };
  examination.known.set(known, NaN);
  watch.found([held]);
  return { ...tried, found: { ...found, disconnects, leaks: [held], cleanAfterMs: null } };
}

/** Whether something that leaks, but that the user ignores or tolerates, may hold the memory. */
async function isExplained(
  { server: { inspection }, baseline }: Examination,
  { held }: HeapBefore,
  { disconnects }: HeapRound,
  options: SearchOptions,
): Promise<boolean> {
  const grown = grownBetween(held, baseline!.held).map((each): Leak => ({
    ...each,
    disconnects,
    perDisconnect: each.count / disconnects,
    afterMs: 0,
    releasedAfterMs: null,
  }));
  const isLetPass = (leak: Leak) => isTolerated(leak, options);
  return grown.some(isLetPass) || (await inspection.named(grown)).some(options.isIgnored);
}

/** @returns the rounds, and the leak if they confirm it */
async function confirm(
  examination: Examination,
  mode: DisconnectMode,
  usual: HeapRound,
  watch: ModeWatch,
): Promise<{ leak: Leak | undefined; rounds: HeapRound[] }> {
  const searched = searchedIn(examination, mode, watch);
  const { streams } = searchOptions(mode, examination.options);
  const rounds = [usual];
  for (const { share, waves } of confirming) {
    const round = await searched.round({ streams: share * streams, waves, wait: 'stable' });
    if (round === undefined) return { leak: undefined, rounds };
    const last = { disconnects: round.disconnects, grownKb: await growthOf(examination) };
    rounds.push(last);
    if (!isGrowing(last)) return { leak: undefined, rounds };
  }
  const slope = heapSlopeOf(rounds);
  if (slope === undefined) return { leak: undefined, rounds };
  const { perDisconnect, interval } = slope;
  return { leak: { ...leakOf(slope), perDisconnect, interval }, rounds };
}

/** @returns the leak after the deadline; `undefined` if the server has released some of it */
async function stillHeld(
  examination: Examination,
  mode: DisconnectMode,
  leak: Leak,
): Promise<Leak | undefined> {
  const { options, time, signal, disconnectedMs } = examination;
  const leftMs = disconnectedMs + deadlineIn(mode, options) - time.nowMs();
  await time.sleep(Math.max(0, leftMs), signal);
  const heldKb = leak.count + (await growthOf(examination));
  const afterMs = time.nowMs() - disconnectedMs;
  return isHeapHeld(leak.count, heldKb) ? { ...leak, afterMs } : undefined;
}

/** @returns the growth since the memory was last read */
async function growthOf(examination: Examination): Promise<number> {
  const beforeKb = examination.heapKb!;
  examination.heapKb = (await examination.server.inspection.heapKb())!;
  return examination.heapKb - beforeKb;
}

const leakOf = ({ disconnects, grownKb }: HeapRound): Leak => ({
  ...heap,
  count: grownKb,
  disconnects,
  perDisconnect: grownKb / disconnects,
  afterMs: 0,
  releasedAfterMs: null,
});
