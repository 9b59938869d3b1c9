/** A round with answers: that of streams, which are judged by how each of them ended. */
import { LoadFailure } from './failure.ts';
import type { RoundKind } from './round-kind.ts';
import { roundOfStreams, type Conclude } from './streams.ts';

export const answersRound: RoundKind = (cast) => roundOfStreams(cast, conclude);

const conclude: Conclude = ({ recording, answers }, _endNs, { context: { scenario } }) => {
  const outcome = answers!.outcome;
  const { planned, failed, timedOut, capped, stillRunning, completed, endedEarly } = outcome;
  const fail = (what: string) => new LoadFailure('measure', what, recording, scenario.load.kind);
  if (planned === 0)
    throw fail(
      'no request started in the measurement, since earlier answers were still running; use a longer --duration, or --max-events',
    );
  const ended = completed + endedEarly + capped - stillRunning;
  if (ended === 0 && failed + timedOut > 0) {
    const late = timedOut > 0 ? ` (${timedOut} timed out)` : '';
    throw fail(`all ${failed + timedOut} answers failed${late}`);
  }
  // The interval of a reference server is no plan for answers, which begin at any time.
  return { planned, plannedStreamMs: null, intervalMs: null, outcome };
};
