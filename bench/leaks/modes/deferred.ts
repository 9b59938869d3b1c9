/**
 * Modes whose verdict waits for a later inspection. They leaked only what has already leaked in
 * another mode. One inspection at the end shows for all of them that the growth has missed its
 * deadline: the server then still holds the sum.
 */
import { countOf, heldKey, type Held } from '../../result/held.ts';
import type { Leak } from '../../result/leak-result.ts';
import type { DisconnectMode } from '../../scenario/disconnect-modes.ts';
import { releasedOf, type Growth } from '../../verdict/stable-growth.ts';
import type { Examination } from '../round/examination.ts';
import { hold } from '../round/hold.ts';
import type { Baseline } from '../round/baseline.ts';

/** Remembers the growth of a mode in these counts. */
export function defer(
  { deferred, disconnectedMs }: Examination,
  mode: DisconnectMode,
  {
    before,
    after,
    keys,
    leaks,
  }: { before: Baseline; after: Baseline; keys: readonly string[]; leaks: readonly Leak[] },
): void {
  const grown = growthOf(keys, before, after);
  deferred.push({ mode, leaks, disconnectedMs, before, grown });
}

/**
 * Waits for the deadline of the last mode, and compares the sum. If the server has released some of
 * it, the modes must be repeated one by one.
 *
 * @param undecided the state before a later mode without a verdict, whose growth is part of the sum
 */
export async function confirmDeferred(
  examination: Examination,
  undecided?: Baseline,
): Promise<void> {
  const { deferred } = examination;
  const [first] = deferred;
  if (first === undefined) return;
  const { before, mode } = first;
  const all = deferred.map(({ grown }) => grown);
  if (undecided !== undefined) {
    const keys = new Set(all.flat().map(({ key }) => key));
    all.push(growthOf([...keys], undecided, examination.baseline!));
  }
  const { held } = await hold(examination, mode, 1, { before, mark: before });
  const gone = releasedOf(all, before.held, held);
  examination.deferred = [];
  for (const { leaks, disconnectedMs } of deferred)
    for (const leak of leaks) leak.afterMs = examination.time.nowMs() - disconnectedMs;
  const toRepeat = deferred.filter(({ grown }) => grown.some(({ key }) => gone.has(key)));
  examination.toRepeat.push(...toRepeat.map((each) => each.mode));
  // Leaks of the repeated modes could hide below what the server has released.
  if (toRepeat.length > 0) examination.mark = examination.baseline!;
}

/**
 * The server has released things while a later mode was tried. They can be those of the deferred
 * modes, and as many leaks of the later mode can hide that. So the modes must be repeated.
 */
export function repeatDeferred(examination: Examination): void {
  examination.toRepeat.push(...examination.deferred.map(({ mode }) => mode));
  examination.deferred = [];
}

/** Whether a later inspection must find this thing. */
export const isDeferred = ({ deferred }: Examination, held: Held): boolean =>
  deferred.some(({ grown }) => grown.some(({ key }) => key === heldKey(held)));

/** Modes whose findings are not certain yet. */
export const unsettledIn = ({ toRepeat, deferred }: Examination): DisconnectMode[] => [
  ...toRepeat,
  ...deferred.map(({ mode }) => mode),
];

/** @returns modes without a verdict, which must be repeated */
export async function settleIn(examination: Examination): Promise<DisconnectMode[]> {
  await confirmDeferred(examination);
  return examination.toRepeat.splice(0);
}

const growthOf = (keys: readonly string[], before: Baseline, after: Baseline): Growth[] =>
  keys
    .map((key) => ({ key, count: countOf(after.held, key) - countOf(before.held, key) }))
    .filter(({ count }) => count > 0);
