/** The result of a mode, from its rounds. */
import { countOf, heldKey } from '../../result/held.ts';
import { skippedMode, type Leak, type ModeResult } from '../../result/leak-result.ts';
import type { DisconnectMode } from '../../scenario/disconnect-modes.ts';
import { withoutConsequences } from '../../verdict/leaks.ts';
import { strictFailures, workWithLeaks } from '../../verdict/work.ts';
import { missedSome, unexpectedObservations } from '../crowd/explain.ts';
import { requestIn, type Examination } from '../round/examination.ts';
import type { Inspection } from '../inspection/inspection.ts';
import { deadlineIn, type Round } from '../round/round.ts';
import type { SearchOptions } from '../search/search.ts';
import { toleratedIn } from '../search/tolerated.ts';
import { searchOptions } from './searched-mode.ts';

/** The result of a trial of a mode. */
export interface Tried {
  found: ModeResult;
  /** Whether a leak has no source line that the probe could find. Its deadline was not awaited. */
  lacksLine: boolean;
  /** Whether the server may release what it has leaked, and so hide leaks of other modes. */
  mayRelease: boolean;
}

/** The trial of a mode whose result needs nothing else. */
export const certain = (found: ModeResult): Tried => ({
  found,
  lacksLine: false,
  mayRelease: false,
});

/** The result of a mode that a round could not try. */
export const notTried = (mode: DisconnectMode, { untestable }: Examination): ModeResult =>
  skippedMode(mode, untestable ?? 'it could not be tried');

export async function modeResult(
  examination: Examination,
  mode: DisconnectMode,
  rounds: readonly Round[],
  {
    leaks,
    cleanAfterMs,
    releasedMs,
  }: Pick<ModeResult, 'leaks' | 'cleanAfterMs'> & { releasedMs: readonly number[] },
): Promise<ModeResult> {
  const { options, work } = examination;
  const released = releasedMs.toSorted((a, b) => a - b);
  const { method } = requestIn(mode, options);
  const reports = rounds.map(({ planned, report }) => ({ ...report, planned }));
  examination.missedSome = mode.when === 'after events' && missedSome(reports);
  const result: ModeResult = {
    ...skippedMode(mode, ''),
    skipped: null,
    disconnects: rounds.reduce((sum, { disconnects }) => sum + disconnects, 0),
    leaks,
    unexpected: unexpectedObservations({ ...mode, method }, options.events, reports),
    cleanAfterMs,
    releaseMs:
      released.length > 0
        ? { p50: released[Math.floor(released.length / 2)]!, max: released.at(-1)! }
        : null,
    blockedKbPerStream: mode.watchesMemory
      ? Math.max(...rounds.map(({ blockedKb }) => blockedKb ?? 0))
      : null,
    work: workWithLeaks(await work.end(), leaks),
  };
  const strict = {
    strict: options.strict,
    deadlineMs: deadlineIn(mode, options),
    tolerated: toleratedIn(rounds, searchOptions(mode, options)),
  };
  return { ...result, unexpected: [...result.unexpected, ...strictFailures(result, strict)] };
}

/**
 * The leaks with the collections that hold them: for entries their names, for responses their kinds.
 * Adds the counts of each round. Leaves out consequences, and what is ignored by the name of its
 * collection.
 */
export async function explained(
  leaks: readonly Leak[],
  rounds: readonly Round[],
  inspection: Inspection,
  searching: Pick<SearchOptions, 'most' | 'isIgnored'>,
): Promise<Leak[]> {
  const withCounts = (leak: Leak): Leak => ({ ...leak, rounds: countsIn(rounds, heldKey(leak)) });
  const named = withoutConsequences(
    await inspection.named(leaks.map(withCounts)),
    toleratedIn(rounds, searching),
  );
  return Promise.all(
    named
      .filter((leak) => !searching.isIgnored(leak))
      .map((leak) => (leak.kind === 'response' ? withKeepers(leak, inspection) : leak)),
  );
}

/** How many of a thing were held before and after each round. */
const countsIn = (rounds: readonly Round[], key: string): Leak['rounds'] =>
  rounds.map(({ disconnects, before, held }) => ({
    disconnects,
    before: countOf(before, key),
    held: countOf(held, key),
  }));

async function withKeepers(leak: Leak, inspection: Inspection): Promise<Leak> {
  const keepers = await inspection.keepersOfResponses();
  if (keepers.length === 0) return leak;
  const holder = keepers.join(' and ');
  return { ...leak, what: `${leak.what} in ${holder}`, holder };
}
