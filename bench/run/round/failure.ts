/** Failed rounds: their message, and the counts that are kept. */
import type { FleetResult } from '../../generator/merge.ts';
import {
  nothingCounted,
  type Causes,
  type Counted,
  type Recording,
} from '../../result/recording.ts';
import type { FailedRound } from '../../result/run-result.ts';
import type { Load } from '../../scenario/kinds/kinds.ts';
import type { MeasuredServer } from '../../under-test/measured-server.ts';
import { ServerFailure } from '../../under-test/server-failure.ts';
import type { Phase } from './context.ts';

/** The load failed: every stream was refused or lost. */
export class LoadFailure extends Error {
  readonly phase: Phase;

  constructor(
    phase: Phase,
    what: string,
    { failures, counts }: Pick<Recording, 'failures' | 'counts'>,
    load: Load['kind'],
  ) {
    super(messageOf(what, failures, counts.ended, load));
    this.phase = phase;
  }
}

const endedByServer = 'ended by the server';

function messageOf(what: string, failures: Causes, ended: number, load: Load['kind']): string {
  const mayUseArrivals = load !== 'reconnect'; // ssebench refuses --arrivals with --cut
  // Failures of helper streams have their purpose after the cause, in brackets.
  if (
    mayUseArrivals &&
    ended > 0 &&
    Object.keys(failures).every((cause) => cause.startsWith(endedByServer))
  )
    return `all ${ended} streams were ended by the server; if they end by design, use --arrivals with a shorter --lifetime`;
  const mostFirst = Object.entries(failures).toSorted(([, a], [, b]) => b.count - a.count);
  const reasons = mostFirst.map(
    ([cause, { count, example }]) => `${count} × ${cause}${example && ` (${example})`}`,
  );
  if (ended > 0) reasons.push(`${ended} × ${endedByServer}`);
  return `${what}: ${reasons.join(', ')}`;
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
