/**
 * Tries one mode on a running server: rounds of streams that all disconnect, then a search for what
 * the server still holds.
 */
import { describeHeld } from '../result/held.ts';
import type { Leak } from '../result/leak-result.ts';
import { unexpectedObservations, whyNoPost } from './crowd/explain.ts';
import { requestIn, taskFor, type Examination } from './examination.ts';
import { watchIdle } from './idle.ts';
import type { Inspection } from './inspection/inspection.ts';
import type { DisconnectMode } from '../scenario/disconnect-modes.ts';
import { skippedMode, type ModeResult } from '../result/leak-result.ts';
import { tryRound } from './round.ts';
import { search } from './search.ts';
import { baselineOf } from './settle.ts';

/** Each client that does not read uses up to 10 MB of system buffers. */
const mostBlocked = 10;

export async function tryMode(examination: Examination, mode: DisconnectMode): Promise<ModeResult> {
  const { server, crowds, options } = examination;
  const { method } = requestIn(mode, options);
  if (mode.method === 'POST' && !options.isMethodGiven) {
    const refusal = whyNoPost(await crowds.send(taskFor(examination, mode, 1)));
    if (refusal !== null) return skippedMode(mode, refusal);
    examination.baseline = undefined; // leaks of this POST must not count for the rounds
  }
  const found = await search(
    {
      round: (size) => tryRound(examination, mode, size),
      idle: () => watchIdle(examination, examination.roundMs),
      noise: () => examination.noise,
      mark: () => examination.mark.held,
    },
    {
      streams:
        mode.when === 'when blocked' ? Math.min(options.streams, mostBlocked) : options.streams,
      pairs: options.rounds,
      most: options.maxLeakedPerDisconnect,
      isIgnored: (leak) => options.ignore.some((text) => names(describeHeld(leak), text)),
    },
  );
  if (found === undefined)
    return skippedMode(
      mode,
      `the server sent too little to fill the buffers of its clients within ${options.patienceMs / 1000} s; allow more time with --patience`,
    );
  const { rounds } = found;
  const leaks = await Promise.all(found.leaks.map((leak) => explained(leak, server.inspection)));
  if (leaks.length > 0)
    await forgetMark(
      examination,
      leaks.some(({ releasedAfterMs }) => releasedAfterMs !== null),
    );
  const cleanMs = rounds.filter(({ isClean }) => isClean).map(({ tookMs }) => tookMs);
  const released = rounds.flatMap(({ releasedMs }) => releasedMs).toSorted((a, b) => a - b);
  return {
    ...skippedMode(mode, ''),
    skipped: null,
    disconnects: rounds.reduce((sum, { disconnects }) => sum + disconnects, 0),
    leaks,
    unexpected: unexpectedObservations(
      { ...mode, method },
      options.events,
      rounds.map(({ planned, report }) => ({ ...report, planned })),
    ),
    cleanAfterMs: cleanMs.length > 0 ? Math.max(...cleanMs) : null,
    releaseMs:
      released.length > 0
        ? { p50: released[Math.floor(released.length / 2)]!, max: released.at(-1)! }
        : null,
    blockedKbPerStream: mode.watchesMemory
      ? Math.max(...rounds.map(({ blockedKb }) => blockedKb ?? 0))
      : null,
  };
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
  examination.mark = examination.baseline = await baselineOf(inspection);
}

/** For leaked responses, adds the kinds of collections that hold them. */
async function explained(leak: Leak, inspection: Inspection): Promise<Leak> {
  if (leak.kind !== 'response') return leak;
  const keepers = await inspection.keepersOfResponses();
  return keepers.length > 0 ? { ...leak, what: `${leak.what} in ${keepers.join(' and ')}` } : leak;
}

/**
 * Whether the description contains the text, but not as the start of a longer number: line 14 is
 * not line 140.
 */
function names(description: string, text: string): boolean {
  return description
    .split(text)
    .slice(1)
    .some((rest) => !/\d$/.test(text) || !/^\d/.test(rest));
}
