/** The procedure of a round with streams: ramp → warm up → measure → disconnect → settle. */
import { plannedUntil } from '../../load/plan.ts';
import { releaseTimes } from '../../metrics/release.ts';
import { loadOf, quietIntervalMs } from '../../scenario/scenario.ts';
import { betweenSamples } from '../../system/machine.ts';
import { cutStreams } from './cut-streams.ts';
import { LoadFailure } from './failure.ts';
import { followed, usedBetween, type Measured, type RoundKind } from './round-kind.ts';

/** What is interrupted before this much was measured has measured nothing. */
const leastMeasuredMs = 100;
/** Time for the server to catch up with what the collection held up, before the streams leave. */
const afterCollectionMs = 100;
/** Time for streams that leave by FIN to read on until the server has heard of it. */
const untilLeftMs = 150;

export const streamRound: RoundKind = async (cast): Promise<Measured> => {
  const {
    task,
    reference,
    fleet,
    context: {
      scenario,
      world: { clock, sleep, sampleMachine },
      signal: asked,
    },
    signal,
  } = cast;
  const { warmUpAtNs, measureAtNs, disconnectAtNs } = task.window;
  const until = (atNs: number) => sleep(Math.max(0, (atNs - clock.nowNs()) / 1e6), signal);
  const reconnect = loadOf(scenario, 'reconnect');
  // Who is started again has nothing to be compared with from before, and is not looked into.
  const watched = reconnect === undefined || reconnect.how === 'end' ? reference : undefined;
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
  const cut = reconnect ? cutStreams(reconnect, cast) : Promise.resolve();
  await cut
    .then(() => until(disconnectAtNs))
    .catch((error) => {
      // A person who has seen enough still gets what was measured by then.
      endNs = clock.nowNs();
      if (!asked.aborted || endNs < measureAtNs + leastMeasuredMs * 1e6) throw error;
      fleet.endMeasuring(endNs);
    });
  const last = await watched?.sample();
  const machine = betweenSamples(machineBefore, sampleMachine());

  enter('disconnect');
  const loaded = await watched?.beginRelease();
  if (loaded) await sleep(afterCollectionMs);
  const { recording, generators, closedNs } = await fleet.disconnect();
  const { counts } = recording;
  if (counts.opened === 0) throw new LoadFailure('ramp', 'no stream opened', recording);
  if (counts.cut > 0 && counts.returned === 0)
    throw new LoadFailure('measure', 'no stream came back', {
      ...recording,
      failures: { ...recording.failedAttempts, ...recording.failures },
    });
  if (counts.stopped === 0) throw new LoadFailure('measure', 'no stream lasted', recording);

  enter('settle');
  if (!watched) await sleep(untilLeftMs); // the generators are ended next, and their sockets with them
  const { held, releases } = (await watched?.awaitRelease()) ?? {};
  const sinceRampMs = (atNs: number) => (atNs - task.rampAtNs) / 1e6;
  const planned = plannedUntil(task.plan, sinceRampMs(measureAtNs), sinceRampMs(endNs));
  // Of one timer for all, nothing can be said of each.
  const releasedNs = (repeatMs: number | null) =>
    (scenario.ticker === 'own' && releases?.[String(repeatMs)]) || [];
  return {
    state: 'measured',
    planned: planned.streams,
    plannedStreamMs: scenario.load.kind === 'churn' ? planned.streamMs : null,
    quietPlanned: scenario.quietStreams,
    openAtEnd: closedNs.paced.length + closedNs.quiet.length,
    durationMs: (endNs - measureAtNs) / 1e6,
    intervalMs: task.intervalMs,
    ...recording,
    histograms: {
      ...recording.histograms,
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
          }
        : null,
    generators,
    timeline: timeline(),
    machine,
    outcome: null,
  };
};
