/** Failed rounds: their message, and the counts that are kept. */
import type { FleetResult } from '../../generator/merge.ts';
import { nothingCounted, type Counted, type Recording } from '../../result/recording.ts';
import type { FailedRound } from '../../result/run-result.ts';
import type { Load } from '../../scenario/kinds/kinds.ts';
import type { MeasuredServer } from '../../under-test/measured-server.ts';
import { decodeDurations } from '../../measure/durations.ts';
import { formatDuration } from '../../scenario/duration.ts';
import { ServerFailure } from '../../under-test/server-failure.ts';
import type { Phase } from './context.ts';

type Recorded = Pick<Recording, 'failures' | 'counts'> & Partial<Pick<Recording, 'histograms'>>;

/** The load failed: every stream was refused or lost. */
export class LoadFailure extends Error {
  readonly phase: Phase;

  constructor(phase: Phase, what: string, recording: Recorded, load: Load['kind']) {
    super(messageOf(what, recording, load));
    this.phase = phase;
  }
}

const endedByServer = 'ended by the server';

function messageOf(
  what: string,
  { failures, counts: { ended }, histograms }: Recorded,
  load: Load['kind'],
): string {
  const mayUseArrivals = load !== 'reconnect'; // ssebench refuses --arrivals with --cut
  // Failures of helper streams have their purpose after the cause, in brackets.
  if (
    mayUseArrivals &&
    ended > 0 &&
    Object.keys(failures).every((cause) => cause.startsWith(endedByServer))
  )
    return `all ${ended} streams were ended by the server${afterLifetime(histograms?.lifetime ?? '')}; if each is one answer, use --answers. If they end by design, measure how clients reconnect with --reconnect, or use --arrivals with a shorter --lifetime`;
  const mostFirst = Object.entries(failures).toSorted(([, a], [, b]) => b.count - a.count);
  const reasons = mostFirst.map(
    ([cause, { count, example }]) => `${count} × ${cause}${example && ` (${example})`}`,
  );
  if (ended > 0) reasons.push(`${ended} × ${endedByServer}`);
  return [what, ...(reasons.length > 0 ? [reasons.join(', ')] : [])].join(': ');
}

/** ` after 2.0 s (median)`; empty without a lifetime. */
function afterLifetime(lifetime: string): string {
  const medianMs = decodeDurations(lifetime === '' ? [] : [lifetime]).quantileMs(0.5);
  return medianMs === undefined
    ? ''
    : ` after ${formatDuration(Number(medianMs.toPrecision(3)))} (median)`;
}

/** The streams that were lost with one of several server processes; empty if that is unknown. */
export function lostWith(error: Error, partial: FleetResult | undefined): string {
  if (!(error instanceof ServerFailure) || partial === undefined) return '';
  const { failures, counts } = partial.recording;
  const lost = Object.values(failures).reduce((sum, { count }) => sum + count, counts.ended);
  return `; ${lost} streams were lost`;
}

/** Adds how the server ended, and its last output. */
export function endOfServer(
  error: Error,
  server: MeasuredServer | undefined,
): Pick<FailedRound, 'exitCode' | 'signal' | 'stderr'> {
  const { exit, stderr } =
    error instanceof ServerFailure ? error : { stderr: server?.process.stderrTail() ?? [] };
  return { exitCode: exit?.code ?? null, signal: exit?.signal ?? null, stderr };
}

/** The counts of the load until the failure. */
export function countsOf(
  partial: FleetResult | undefined,
): Pick<FailedRound, keyof Counted | 'histograms'> {
  return partial?.recording ?? { ...nothingCounted(), counts: null, histograms: null };
}
