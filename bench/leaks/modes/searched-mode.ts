/** One mode of a running server, as a search sees it. */
import { describeHeld, isRate } from '../../result/held.ts';
import type { DisconnectMode } from '../../scenario/disconnect-modes.ts';
import type { CheckOptions } from '../request/check-options.ts';
import type { Examination } from '../round/examination.ts';
import { watchIdle } from '../round/idle.ts';
import { tryRound, type Round } from '../round/round.ts';
import type { Searched, SearchOptions } from '../search/search.ts';
import type { Baseline } from '../round/baseline.ts';
import type { ModeWatch } from './watch.ts';

/** Each client that does not read uses up to 10 MB of system buffers. */
const mostBlocked = 10;

/** @returns the mode, and a function that reports its progress */
export function searchedIn(
  examination: Examination,
  mode: DisconnectMode,
  watch: ModeWatch,
): Searched<Round> & { report(isWaiting: boolean): void } {
  const start = sumOf(examination.baseline);
  let rounds = 0;
  const report = (isWaiting: boolean) =>
    watch.progress({ rounds, isWaiting, held: Math.max(0, sumOf(examination.baseline) - start) });
  return {
    async round(size) {
      const round = await tryRound(examination, mode, size);
      rounds++;
      report(false);
      return round;
    },
    idle: () => examination.work.idle(() => watchIdle(examination, examination.roundMs)),
    noise: () => examination.noise,
    mark: () => examination.mark.held,
    report,
  };
}

/** The number of things held. */
const sumOf = (baseline: Baseline | undefined): number =>
  (baseline?.held ?? []).reduce((sum, { kind, count }) => sum + (isRate(kind) ? 0 : count), 0);

export const searchOptions = (mode: DisconnectMode, options: CheckOptions): SearchOptions => ({
  streams: mode.when === 'when blocked' ? Math.min(options.streams, mostBlocked) : options.streams,
  pairs: options.rounds,
  most: options.maxLeakedPerDisconnect,
  isIgnored: (held) => options.ignore.some((text) => names(describeHeld(held), text)),
});

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
