/**
 * Tries one mode on a running server: rounds of streams that all disconnect, then a search for what
 * the server still holds.
 */
import { skippedMode } from '../../result/leak-result.ts';
import type { DisconnectMode } from '../../scenario/disconnect-modes.ts';
import { searchGroups } from './careful-groups.ts';
import { confirmGrowth } from './confirm-growth.ts';
import { whyNoPost } from '../crowd/explain.ts';
import { confirmDeferred } from './deferred.ts';
import { taskFor, type Examination } from '../round/examination.ts';
import { heapBefore, withHeapGrowth } from './heap-growth.ts';
import { rest, settleFirst } from '../round/hold.ts';
import { certain, explained, modeResult, notTried, type Tried } from './mode-result.ts';
import { tryQuickly } from './quick-trial.ts';
import { search } from '../search/search.ts';
import { searchedIn, searchOptions } from './searched-mode.ts';
import { baselineOf } from '../round/baseline.ts';
import { unwatched, type ModeWatch } from './watch.ts';

export interface TryOptions {
  /** Whether a leak without a source line ends the trial, because the probe can find its line. */
  needsLines?: boolean;
  /** Whether to wait for the deadline after each round. */
  isCareful?: boolean;
  watch?: ModeWatch;
}

/** How many times as much patience shows whether the server or a busy machine is slow. */
const morePatience = 5;

/** Tries a mode. If some clients received nothing in time, tries it once more with more time. */
export async function tryMode(
  examination: Examination,
  mode: DisconnectMode,
  how: TryOptions = {},
): Promise<Tried> {
  const tried = await tryOnce(examination, mode, how);
  const { options, isMorePatient, missedSome } = examination;
  if (!missedSome || isMorePatient || tried.lacksLine || tried.found.leaks.length > 0) return tried;
  examination.isMorePatient = true;
  examination.options = { ...options, patienceMs: morePatience * options.patienceMs };
  return tryOnce(examination, mode, how);
}

async function tryOnce(
  examination: Examination,
  mode: DisconnectMode,
  { needsLines = false, isCareful = false, watch = unwatched }: TryOptions,
): Promise<Tried> {
  const { options } = examination;
  if (mode.method === 'POST' && !options.isMethodGiven) {
    const { crowds } = examination;
    const task = { ...taskFor(examination, mode, 1), events: 0 };
    const refusal = whyNoPost(await crowds.send(task));
    if (refusal !== null) return certain(skippedMode(mode, refusal));
    await settleFirst(examination); // leaks of this POST must not count for the rounds
  }
  const heap = await heapBefore(examination, mode);
  examination.work.begin();
  const quick = isCareful ? undefined : await tryQuickly(examination, mode, needsLines, watch);
  const tried = quick ?? (await tryCarefully(examination, mode, watch));
  return withHeapGrowth(examination, mode, heap, tried, watch);
}

async function tryCarefully(
  examination: Examination,
  mode: DisconnectMode,
  watch: ModeWatch,
): Promise<Tried> {
  const { server, options } = examination;
  await confirmDeferred(examination);
  if (examination.unsettled) await rest(examination, mode, examination.unsettled);
  const searching = searchOptions(mode, options);
  const { mark } = examination;
  const searched = searchedIn(examination, mode, watch);
  const result = await search(searched, searching);
  if (result === undefined) return certain(notTried(mode, examination));
  const { rounds, leaks: found } =
    result.leaks.length > 0
      ? await confirmGrowth(examination, searched, result, searching)
      : await searchGroups(examination, mode, searched, result.rounds, mark, searching);
  const leaks = await explained(found, rounds, server.inspection, searching);
  if (leaks.length > 0)
    await forgetMark(
      examination,
      leaks.some(({ releasedAfterMs }) => releasedAfterMs !== null),
    );
  const cleanMs = rounds.filter(({ isClean }) => isClean).map(({ tookMs }) => tookMs);
  const modeFound = await modeResult(examination, mode, rounds, {
    leaks,
    cleanAfterMs: cleanMs.length > 0 ? Math.max(...cleanMs) : null,
    releasedMs: rounds.flatMap(({ releasedMs }) => releasedMs),
  });
  return { found: modeFound, lacksLine: false, mayRelease: leaks.length > 0 };
}

/**
 * The server may release leaked objects later. With the old mark, leaks of other modes could then
 * hide below it.
 */
async function forgetMark(examination: Examination, isLate: boolean) {
  const {
    server: { inspection },
    options: { deadlineMs },
    time,
    signal,
  } = examination;
  if (isLate) await time.sleep(deadlineMs, signal);
  examination.mark = examination.baseline = await baselineOf(inspection, time);
}
