/** Waits for deadlines that start at the last disconnect, not at an inspection. */
import { grownBetween, mustConfirm, type Held } from '../../result/held.ts';
import type { DisconnectMode } from '../../scenario/disconnect-modes.ts';
import { isAsKnown } from '../../verdict/stable-growth.ts';
import { noiseWithLeaks, type Examination } from './examination.ts';
import { mostDeadlines } from '../search/late-release.ts';
import type { Hold } from '../search/quickly-searched.ts';
import { deadlineIn } from './round.ts';
import { baselineOf, mostOf, type Baseline } from './baseline.ts';
import { settle } from './settle.ts';

/** An inspection that begins this much later than the deadline is not that of the deadline. */
const overdueMs = 300;

/** The state with which counts are compared, and more that the server may hold. */
interface Bounds {
  before: Baseline;
  mark: Baseline;
}

/**
 * Waits until so many deadlines have passed since the last disconnect, or until the server holds no
 * more than the bounds.
 */
export const hold = (
  examination: Examination,
  mode: Pick<DisconnectMode, 'network'>,
  deadlines: number,
  bounds: Bounds,
): Promise<Hold> =>
  holdUntil(
    examination,
    examination.disconnectedMs + deadlines * deadlineIn(mode, examination.options),
    bounds,
  );

async function holdUntil(
  examination: Examination,
  endMs: number,
  { before, mark }: Bounds,
  mayRemain?: (held: Held) => boolean,
): Promise<Hold> {
  const { server, disconnectedMs, time, signal } = examination;
  const { after, held, grown, shrunk } = await settle(server.inspection, before, {
    deadlineMs: Math.max(0, endMs - time.nowMs()),
    leastMs: 0,
    laterMs: 0,
    stopsWhenStable: false,
    last: examination.baseline,
    mayRemain,
    mark,
    noise: noiseWithLeaks(examination),
    time,
    signal,
  });
  examination.baseline = after;
  const isOverdue = time.nowMs() - after.tookMs > endMs + overdueMs;
  return { held, grown, shrunk, afterMs: time.nowMs() - disconnectedMs, isOverdue };
}

/** After a single request: waits until it has been released, or its growth is stable. */
export async function settleFirst(examination: Examination): Promise<void> {
  const { server, options, known, mark, noise, time, signal } = examination;
  const before = (examination.baseline ??= await baselineOf(server.inspection, time));
  const { after, isClean } = await settle(server.inspection, before, {
    deadlineMs: options.deadlineMs,
    leastMs: 0,
    laterMs: 0,
    stopsWhenStable: true,
    isExpected: (held) => isAsKnown(known, before.held, held, 1),
    mark,
    noise,
    time,
    signal,
  });
  examination.baseline = after;
  if (!isClean) examination.unsettled ??= before;
}

/** Caches and histories grow until they are full, so nobody can wait for their entries. */
const mayGrow = ({ kind }: Held): boolean => mustConfirm(kind);

/**
 * Waits until the server has released what quick rounds have left, or until it has released nothing
 * for a deadline. The rounds that follow need a baseline that does not change any more.
 *
 * @param before the state at the start of these rounds
 * @returns whether the warm-up had not been released before them
 */
export async function rest(
  examination: Examination,
  mode: Pick<DisconnectMode, 'network'>,
  before: Baseline,
): Promise<boolean> {
  const { unsettled, mark, disconnectedMs, time } = examination;
  const bounds = unsettled ? { before: unsettled, mark: unsettled } : { before, mark };
  const deadlineMs = deadlineIn(mode, examination.options);
  for (let n = 1; n <= mostDeadlines; n++) {
    const last = examination.baseline?.held ?? [];
    const endMs = Math.max(disconnectedMs + 2 * deadlineMs, time.nowMs() + deadlineMs);
    const noise = noiseWithLeaks(examination);
    const { held, grown } = await holdUntil(examination, endMs, bounds, mayGrow);
    if (grown.every(mayGrow) || grownBetween(held, last, noise).length === 0) break;
  }
  const after = examination.baseline!;
  examination.mark = unsettled ? after : mostOf(mark, after);
  examination.unsettled = undefined;
  return unsettled !== undefined;
}
