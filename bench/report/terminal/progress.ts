/** Progress lines during a run. */
import type { LoadProgress } from '../../load/task.ts';
import type { RoundResult } from '../../result/run-result.ts';
import { formatNumber, formatRoughly } from '../shared/format.ts';
import { describeFailure } from '../shared/round-words.ts';

export interface ProgressView {
  server: string;
  round: number;
  rounds: number;
  phase: string;
  load: LoadProgress;
  /** The delivery p99 of the last measured round that has one. */
  latest: { server: string; p99Ms: number } | undefined;
  leftMs: number;
}

/** One line that replaces itself, for a terminal. */
export function progressLine({
  server,
  round,
  rounds,
  phase,
  load,
  latest,
  leftMs,
}: ProgressView): string {
  return [
    `${server}, round ${round} of ${rounds}: ${phase}`,
    `${load.open.toLocaleString('en-US')} streams open`,
    `${Math.round(load.eventsPerSecond).toLocaleString('en-US')} events/s`,
    ...(latest ? [`delivery p99 of ${latest.server} ${formatNumber(latest.p99Ms)} ms`] : []),
    `${formatRoughly(leftMs)} left`,
  ].join(' · ');
}

/**
 * One line for each finished round, for output that is not a terminal.
 *
 * @param planned number of rounds, or `undefined` if it is not known
 */
export function roundLine(round: RoundResult, done: number, planned: number | undefined): string {
  const place = planned === undefined ? `[${done}]` : `[${done}/${planned}]`;
  if (round.state === 'failed') return `${place} ${describeFailure(round)}`;
  const { opened, events } = round.counts;
  const invalid =
    round.doubts.length > 0
      ? `; invalid: ${round.doubts.map(({ finding }) => finding).join('; ')}`
      : '';
  if (round.outcome?.kind === 'finite')
    return `${place} ${round.server}, round ${round.round}: ${opened.toLocaleString('en-US')} streams opened and closed${invalid}`;
  return `${place} ${round.server}, round ${round.round}: ${opened.toLocaleString('en-US')} streams, ${events.toLocaleString('en-US')} events${invalid}`;
}
