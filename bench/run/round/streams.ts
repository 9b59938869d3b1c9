/** The procedure of a round with streams: ramp → warm up → measure → disconnect → settle. */
import { plannedUntil } from '../../load/plan.ts';
import type { FleetResult } from '../../generator/merge.ts';
import { releaseTimes } from '../../metrics/release.ts';
import { restartsServer } from '../../scenario/kinds/reconnect.ts';
import { loadOf, quietIntervalMs } from '../../scenario/scenario.ts';
import { betweenSamples } from '../../system/machine.ts';
import { cutStreams } from './cut-streams.ts';
import { LoadFailure } from './failure.ts';
import { followed, usedBetween, type Cast, type Measured, type RoundKind } from './round-kind.ts';

/** A round interrupted before this time in the measurement has no result. */
const leastMeasuredMs = 100;
/**
 * After the garbage collection, time for the server to send delayed events before the streams
 * disconnect.
 */
const afterCollectionMs = 100;
/**
 * Time for streams that disconnect with FIN to keep reading until the server has processed the FIN.
 */
const untilDisconnectedMs = 150;

/** The parts of a result that depend on the load kind. */
export type Conclusion = Pick<Measured, 'planned' | 'plannedStreamMs' | 'intervalMs' | 'outcome'>;

/**
 * Draws the conclusion of a round.
 *
 * @param endNs the end of the measurement on the common clock
 * @throws {LoadFailure} if the round shows nothing
 */
export type Conclude = (result: FleetResult, endNs: number, cast: Cast) => Conclusion;

export const streamRound: RoundKind = (cast) => roundOfStreams(cast, concludeStreams);

/** Measures a load that a fleet of generators creates. */
export async function roundOfStreams(cast: Cast, conclude: Conclude): Promise<Measured> {
  const {
    task,
    server,
    fleet,
    context: {
      scenario,
      world: { clock, sleep, sampleMachine },
      signal: userSignal,
    },
    signal,
  } = cast;
  const { warmUpAtNs, measureAtNs, disconnectAtNs } = task.window;
  const until = (atNs: number) => sleep(Math.max(0, (atNs - clock.nowNs()) / 1e6), signal);
  const reconnect = loadOf(scenario, 'reconnect');
  // A restarted server has no samples from before the restart to compare with, so it is not
  // inspected.
  const watched = reconnect && restartsServer(reconnect) ? undefined : server;
  const machineBefore = sampleMachine();
  fleet.run(task);
  const { enter, timeline } = followed(cast, fleet.takeProgress);

  enter('ramp');
  await until(warmUpAtNs);
  enter('warm up');
  await until(measureAtNs);
  enter('measure');
  const first = await watched?.sample();
  let endNs = disconnectAtNs;
  const cut =
    reconnect && reconnect.how !== 'client' ? cutStreams(reconnect.how, cast) : Promise.resolve();
  await cut
    .then(() => until(disconnectAtNs))
    .catch((error) => {
      // If the user ends the run, the figures measured so far are kept.
      endNs = clock.nowNs();
      if (!userSignal.aborted || endNs < measureAtNs + leastMeasuredMs * 1e6) throw error;
      fleet.endMeasuring(endNs);
    });
  const last = await watched?.sample();
  const machine = betweenSamples(machineBefore, sampleMachine());

  enter('disconnect');
  const loaded = await watched?.beginRelease();
  if (loaded) await sleep(afterCollectionMs);
  const result = await fleet.disconnect();
  const { recording, fanOut, answers, http2, generators, closedNs } = result;
  const conclusion = conclude(result, endNs, cast);

  enter('settle');
  if (!watched) await sleep(untilDisconnectedMs); // the generators end next and close their sockets
  const { held, clearedNs } = (await watched?.awaitRelease()) ?? {};
  // With one timer for all streams, the release of a single stream cannot be observed.
  const releasedNs = (repeatMs: number | null) =>
    (scenario.ticker === 'own' && clearedNs?.(repeatMs)) || [];
  return {
    state: 'measured',
    ...conclusion,
    quietPlanned: scenario.quietStreams,
    openAtEnd: closedNs.paced.length + closedNs.quiet.length,
    durationMs: (endNs - measureAtNs) / 1e6,
    ...recording,
    histograms: {
      ...recording.histograms,
      ...answers?.histograms,
      ...(fanOut !== undefined && { fanOut }),
      release: releaseTimes(closedNs.paced, releasedNs(task.intervalMs)),
      quietRelease: releaseTimes(closedNs.quiet, releasedNs(quietIntervalMs(scenario))),
    },
    process:
      watched && first && last && loaded && held
        ? {
            ...usedBetween(first, last),
            before: watched.before,
            loadedRssBytes: last.rssBytes,
            loaded,
            held,
            ...watched.inspection,
          }
        : null,
    generators,
    timeline: timeline(),
    machine,
    ...(http2 && { http2 }),
  };
}

function concludeStreams(
  { recording }: FleetResult,
  endNs: number,
  { task, context: { scenario } }: Cast,
): Conclusion {
  const { counts } = recording;
  const { kind } = scenario.load;
  if (counts.opened === 0) throw new LoadFailure('ramp', 'no stream opened', recording, kind);
  if (counts.cut > 0 && counts.reconnected === 0) {
    const failures = { ...recording.failedAttempts, ...recording.failures };
    throw new LoadFailure('measure', 'no stream reconnected', { ...recording, failures }, kind);
  }
  if (counts.stopped === 0)
    throw new LoadFailure('measure', 'every stream ended or failed', recording, kind);
  const sinceRampMs = (atNs: number) => (atNs - task.rampAtNs) / 1e6;
  const measureAtMs = sinceRampMs(task.window.measureAtNs);
  const planned = plannedUntil(task.plan, measureAtMs, sinceRampMs(endNs));
  return {
    planned: planned.streams,
    plannedStreamMs: kind === 'churn' ? planned.streamMs : null,
    intervalMs: task.intervalMs,
    outcome: null,
  };
}
