/**
 * One round of one server: start → ready → ramp → warm up → measure → disconnect → settle → stop.
 * Whatever goes wrong on the way, nothing that was started here outlives it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { within } from './deadline.ts';
import { startFleet, type Fleet } from './load/fleet.ts';
import type { LoadTask } from './load/task.ts';
import type { Clock } from './measure/clock.ts';
import { releaseTimes } from './measure/release.ts';
import type { FailedRound, MeasuredRound, RoundResult } from './result.ts';
import { quietIntervalMs, stallAfterMs, type Scenario, type Target } from './scenario/scenario.ts';
import type { Placement } from './target/cores.ts';
import { sampleCoreTicks } from './target/process.ts';
import { startReference, type ReferenceServer } from './target/reference.ts';
import { describeExit, ServerFailure, type RunningServer } from './target/server.ts';

/** What a round shares with the others of its run. */
export interface RoundContext {
  scenario: Scenario;
  /** How many generator processes share the load. */
  generators: number;
  localAddresses: LoadTask['localAddresses'];
  placement: Placement | undefined;
  clock: Clock;
  /** Aborted when a person wants no more. */
  signal: AbortSignal;
  onPhase(phase: Phase, load: Fleet | undefined): void;
}

export type Phase = 'start' | 'ramp' | 'warm up' | 'measure' | 'disconnect' | 'settle' | 'stop';

/** Time for the generators to get their task before the ramp begins. */
const leadMs = 100;
/** Time for the news of a death to arrive, after the first sign of it. */
const dyingWithinMs = 300;

/** Measures a server once. What goes wrong is a result too, and never thrown. */
export async function measureRound(target: Target, round: number, context: RoundContext): Promise<RoundResult> {
  const base = { server: target.name, round, startedAt: new Date().toISOString() };
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, context.signal]);
  let phase: Phase = 'start';
  let fleet: Fleet | undefined;
  let reference: ReferenceServer | undefined;
  const enter = (next: Phase) => context.onPhase((phase = next), fleet);

  enter('start');
  // Side by side, each on its own core.
  const startingFleet = startFleet(context.generators, context.placement?.load);
  const startingServer =
    target.kind === 'reference' ? startReference(target.file, context.placement, context.clock, signal) : undefined;
  startingFleet.catch(() => {}); // awaited after the server, whose failure says more
  const interrupted = interruption(context.signal);
  try {
    reference = await Promise.race([startingServer, interrupted]);
    fleet = await Promise.race([startingFleet, interrupted]);
    const unwell = [fleet.failed, interrupted, ...(reference ? [unexpectedExit(reference.server)] : [])];
    const task = taskFor(target, round, reference, context);
    return { ...base, ...(await Promise.race([story(task, reference, fleet, { ...context, signal }, enter), ...unwell])) };
  } catch (thrown) {
    over.abort();
    const failedIn = phase;
    const error = await causeOf(thrown as Error, reference?.server);
    const partial = await fleet?.disconnect().catch(() => undefined);
    return { ...base, ...failure(error, failedIn, reference), ...countsOf(partial) };
  } finally {
    over.abort();
    enter('stop');
    await Promise.allSettled([startingFleet.then(({ kill }) => kill()), startingServer?.then(({ server }) => server.stop())]);
  }
}

async function story(
  task: Omit<LoadTask, 'generator' | 'generators'>,
  reference: ReferenceServer | undefined,
  fleet: Fleet,
  context: RoundContext,
  enter: (phase: Phase) => void,
): Promise<Omit<MeasuredRound, 'server' | 'round' | 'startedAt'>> {
  const { scenario, clock, signal } = context;
  const until = (atNs: number) => sleep(Math.max(0, (atNs - clock.nowNs()) / 1e6), undefined, { signal });
  fleet.run(task);

  enter('ramp');
  await until(task.rampAtNs + scenario.rampMs * 1e6);
  enter('warm up');
  await until(task.window.measureAtNs);
  enter('measure');
  const first = await reference?.sample();
  const ticksBefore = sampleCoreTicks();
  await until(task.window.disconnectAtNs);
  const last = await reference?.sample();
  const ticksAfter = sampleCoreTicks();

  enter('disconnect');
  const loaded = await reference?.beginRelease();
  const { recording, generators, closedNs } = await fleet.disconnect();
  if (recording.counts.opened === 0) throw new Error(noStreamOpened(recording.failures));

  enter('settle');
  const { held, releases } = (await reference?.awaitRelease()) ?? {};
  const releasedNs = (repeatMs: number | null) => releases?.[String(repeatMs)] ?? [];
  return {
    state: 'measured',
    planned: scenario.streams,
    quietPlanned: scenario.quietStreams,
    durationMs: scenario.durationMs,
    intervalMs: task.intervalMs,
    counts: recording.counts,
    failures: recording.failures,
    histograms: {
      ...recording.histograms,
      release: releaseTimes(closedNs.paced, releasedNs(task.intervalMs)),
      quietRelease: releaseTimes(closedNs.quiet, releasedNs(quietIntervalMs(scenario))),
    },
    process: reference && first && last && loaded && held
      ? {
          cpuNs: last.cpuNs - first.cpuNs,
          cpuOverMs: (last.atNs - first.atNs) / 1e6,
          before: reference.before,
          loadedRssBytes: last.rssBytes,
          loaded,
          held,
        }
      : null,
    generators,
    stolenShare:
      ticksBefore && ticksAfter ? (ticksAfter.stolen - ticksBefore.stolen) / (ticksAfter.all - ticksBefore.all) : null,
  };
}

function taskFor(
  target: Target,
  round: number,
  reference: ReferenceServer | undefined,
  { scenario, localAddresses, clock }: RoundContext,
): Omit<LoadTask, 'generator' | 'generators'> {
  const { rampMs, warmUpMs, durationMs, headers } = scenario;
  const { intervalMs } = target.kind === 'url' ? target : scenario;
  const rampAtNs = clock.nowNs() + leadMs * 1e6;
  const measureAtNs = rampAtNs + (rampMs + warmUpMs) * 1e6;
  const url = (interval: number | null) =>
    target.kind === 'url' ? target.url : `${reference?.server.origin}/event?interval=${interval}&stamp`;
  return {
    // Each round has arrivals of its own, the same for all servers.
    plan: { ...scenario, seed: scenario.seed + round },
    url: url(intervalMs),
    quietUrl: url(quietIntervalMs(scenario)),
    headers: { accept: 'text/event-stream', 'cache-control': 'no-cache', ...headers },
    localAddresses,
    rampAtNs,
    window: { measureAtNs, disconnectAtNs: measureAtNs + durationMs * 1e6 },
    intervalMs,
    firstNumber: target.kind === 'reference' ? 0 : 'any',
    stallAfterMs: stallAfterMs(scenario),
  };
}

/** Whatever failed first, a server that is dying was the cause of it. */
async function causeOf(error: Error, server: RunningServer | undefined): Promise<Error> {
  if (!server || error instanceof ServerFailure) return error;
  return within(dyingWithinMs, error.message, unexpectedExit(server)).catch((cause: Error) => cause);
}

/** Rejects when the server ends before it was told to. */
async function unexpectedExit(server: RunningServer): Promise<never> {
  const exit = await server.exited;
  throw new ServerFailure(`the server died: ${describeExit(exit)}`, exit, server.stderrTail());
}

function interruption(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  const interrupt = () => reject(new Error('interrupted'));
  if (signal.aborted) interrupt();
  else signal.addEventListener('abort', interrupt, { once: true });
  promise.catch(() => {}); // it may come when nobody waits for it any more
  return promise;
}

function failure(error: Error, phase: Phase, reference: ReferenceServer | undefined) {
  const { exit, stderr } = error instanceof ServerFailure ? error : { stderr: reference?.server.stderrTail() ?? [] };
  const { code = null, signal = null } = exit ?? {};
  return { state: 'failed' as const, phase, message: error.message, exitCode: code, signal, stderr };
}

function countsOf(partial: Awaited<ReturnType<Fleet['disconnect']>> | undefined): Pick<FailedRound, 'counts' | 'failures'> {
  const { counts, failures } = partial?.recording ?? { counts: null, failures: {} };
  return { counts, failures };
}

function noStreamOpened(failures: MeasuredRound['failures']): string {
  const mostFirst = Object.entries(failures).toSorted(([, a], [, b]) => b.count - a.count);
  const reasons = mostFirst.map(([cause, { count, example }]) => `${count} × ${cause} (${example})`);
  return `no stream opened: ${reasons.join(', ') || 'none of them got an answer'}`;
}
