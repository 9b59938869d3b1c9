/**
 * One round of one server: start → ready → ramp → warm up → measure → disconnect → settle → stop.
 * Whatever goes wrong on the way, nothing that was started here outlives it.
 */
import type { Fleet } from '../load/fleet.ts';
import { plannedUntil } from '../load/plan.ts';
import { releaseTimes } from '../measure/release.ts';
import { interrupted, type RoundResult } from '../result.ts';
import { quietIntervalMs, type Target } from '../scenario/scenario.ts';
import { betweenSamples } from '../target/machine.ts';
import type { ReferenceServer } from '../target/reference.ts';
import { causeOf, unexpectedExit } from '../target/server.ts';
import { doubtsOf } from '../verdict/validity.ts';
import type { Phase, RoundContext } from './context.ts';
import { finiteStory } from './finite.ts';
import { usedBetween, type Measured, type Story } from './story.ts';
import { recordTimeline } from './timeline.ts';
import { countsOf, lastWords, LoadFailure } from './failure.ts';
import { taskFor } from './task.ts';

/** What is interrupted before this much was measured has measured nothing. */
const leastMeasuredMs = 100;
/** Time for the server to catch up with what the collection held up, before the streams leave. */
const afterCollectionMs = 100;
/** Time for streams that leave by FIN to read on until the server has heard of it. */
const untilLeftMs = 150;

/** Measures a server once. What goes wrong is a result too, and never thrown. */
export async function measureRound(target: Target, round: number, context: RoundContext): Promise<RoundResult> {
  const { world, placement } = context;
  const base = { server: target.name, round, startedAt: new Date().toISOString() };
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, context.signal]);
  let phase: Phase = 'start';
  let fleet: Fleet | undefined;
  let reference: ReferenceServer | undefined;
  const enter = (next: Phase) => context.onPhase((phase = next), fleet);

  enter('start');
  // Side by side, each on its own core.
  const startingFleet = world.startFleet(context.generators, placement?.load, signal);
  const startingServer =
    target.kind === 'reference' ? world.startReference(target.file, placement, world.clock, signal) : undefined;
  startingFleet.catch(() => {}); // awaited after the server, whose failure says more
  try {
    reference = await startingServer;
    fleet = await startingFleet;
    const unwell = [fleet.failed, ...(reference ? [unexpectedExit(reference.server)] : [])];
    const task = taskFor(target, round, reference?.server.origin, context);
    const measured = { ...base, ...(await Promise.race([storyOf(context.scenario)({ task, reference, fleet, context, signal, begin: enter }), ...unwell])) };
    return { ...measured, doubts: doubtsOf(measured) };
  } catch (thrown) {
    over.abort();
    const failedIn = thrown instanceof LoadFailure ? thrown.phase : phase;
    const error = reference ? await causeOf(thrown as Error, reference.server) : (thrown as Error);
    const message = context.signal.aborted ? interrupted : error.message;
    const partial = await fleet?.salvage();
    return { ...base, state: 'failed', phase: failedIn, message, ...lastWords(error, reference), ...countsOf(partial) };
  } finally {
    over.abort();
    enter('stop');
    await Promise.allSettled([startingFleet.then(({ kill }) => kill()), startingServer?.then(({ server }) => server.stop())]);
  }
}

/** How a round goes, by its load. */
const storyOf = ({ eventsEach }: RoundContext['scenario']): Story => (eventsEach === null ? streamStory : finiteStory);

const streamStory: Story = async ({ task, reference, fleet, context: { scenario, world: { clock, sleep, sampleMachine, sampleProcess }, signal: asked }, signal, begin }): Promise<Measured> => {
  const { warmUpAtNs, measureAtNs, disconnectAtNs } = task.window;
  const until = (atNs: number) => sleep(Math.max(0, (atNs - clock.nowNs()) / 1e6), signal);
  const machineBefore = sampleMachine();
  fleet.run(task);
  const timeline = recordTimeline(clock, fleet.progress, () => reference && sampleProcess(reference.server.pid));
  signal.addEventListener('abort', timeline.end, { once: true }); // whatever happens, the round aborts it in the end
  const enter = (phase: Phase) => {
    timeline.enter(phase);
    begin(phase);
  };

  enter('ramp');
  await until(warmUpAtNs);
  enter('warm up');
  await until(measureAtNs);
  enter('measure');
  const first = await reference?.sample();
  let endNs = disconnectAtNs;
  await until(disconnectAtNs).catch((error) => {
    // A person who has seen enough still gets what was measured by then.
    endNs = clock.nowNs();
    if (!asked.aborted || endNs < measureAtNs + leastMeasuredMs * 1e6) throw error;
    fleet.endMeasuring(endNs);
  });
  const last = await reference?.sample();
  const machine = betweenSamples(machineBefore, sampleMachine());

  enter('disconnect');
  const loaded = await reference?.beginRelease();
  if (loaded) await sleep(afterCollectionMs);
  const { recording, generators, closedNs } = await fleet.disconnect();
  if (recording.counts.opened === 0) throw new LoadFailure('ramp', 'no stream opened', recording);
  if (recording.counts.stopped === 0) throw new LoadFailure('measure', 'no stream lasted', recording);

  enter('settle');
  if (!reference) await sleep(untilLeftMs); // the generators are ended next, and their sockets with them
  const { held, releases } = (await reference?.awaitRelease()) ?? {};
  const sinceRampMs = (atNs: number) => (atNs - task.rampAtNs) / 1e6;
  const planned = plannedUntil(task.plan, sinceRampMs(measureAtNs), sinceRampMs(endNs));
  // Of one timer for all, nothing can be said of each.
  const releasedNs = (repeatMs: number | null) => (scenario.ticker === 'own' && releases?.[String(repeatMs)]) || [];
  return {
    state: 'measured',
    planned: planned.streams,
    plannedStreamMs: scenario.churn ? planned.streamMs : null,
    quietPlanned: scenario.quietStreams,
    openAtEnd: closedNs.paced.length + closedNs.quiet.length,
    durationMs: (endNs - measureAtNs) / 1e6,
    intervalMs: task.intervalMs,
    counts: recording.counts,
    failures: recording.failures,
    oddities: recording.oddities,
    histograms: {
      ...recording.histograms,
      release: releaseTimes(closedNs.paced, releasedNs(task.intervalMs)),
      quietRelease: releaseTimes(closedNs.quiet, releasedNs(quietIntervalMs(scenario))),
    },
    process: reference && first && last && loaded && held
      ? { ...usedBetween(first, last), before: reference.before, loadedRssBytes: last.rssBytes, loaded, held }
      : null,
    generators,
    timeline: timeline.end(),
    machine,
    finite: null,
  };
};
