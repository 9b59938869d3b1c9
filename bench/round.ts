/**
 * One round of one server: start → ready → ramp → warm up → measure → disconnect → settle → stop.
 * Whatever goes wrong on the way, nothing that was started here outlives it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { startFleet, type Fleet, type FleetResult } from './load/fleet.ts';
import type { LoadTask } from './load/task.ts';
import type { Clock } from './measure/clock.ts';
import type { Recording } from './measure/recorder.ts';
import { releaseTimes } from './measure/release.ts';
import { interrupted, type FailedRound, type MeasuredRound, type RoundResult } from './result.ts';
import { localAddressesFor, type MachineLimits } from './scenario/limits.ts';
import { quietIntervalMs, stallAfterMs, type Scenario, type Target } from './scenario/scenario.ts';
import type { Placement } from './target/cores.ts';
import { sampleCoreTicks } from './target/process.ts';
import { startReference, type ReferenceServer } from './target/reference.ts';
import { causeOf, ServerFailure, unexpectedExit } from './target/server.ts';

/** What a round shares with the others of its run. */
export interface RoundContext {
  scenario: Scenario;
  /** How many generator processes share the load. */
  generators: number;
  limits: MachineLimits;
  placement: Placement | undefined;
  clock: Clock;
  /** Aborted when a person wants no more. */
  signal: AbortSignal;
  onPhase(phase: Phase, load: Fleet | undefined): void;
}

export type Phase = 'start' | 'ramp' | 'warm up' | 'measure' | 'disconnect' | 'settle' | 'stop';

type Task = Omit<LoadTask, 'generator' | 'generators'>;

/** Time for the generators to get their task before the ramp begins. */
const leadMs = 100;
/** What is interrupted before this much was measured has measured nothing. */
const leastMeasuredMs = 100;
/** Time for the server to catch up with what the collection held up, before the streams leave. */
const afterCollectionMs = 100;

/** The load came to nothing: every stream was refused, or lost. */
class LoadFailure extends Error {
  readonly phase: Phase;

  constructor(phase: Phase, what: string, { failures, counts }: Recording) {
    const mostFirst = Object.entries(failures).toSorted(([, a], [, b]) => b.count - a.count);
    const reasons = mostFirst.map(([cause, { count, example }]) => `${count} × ${cause}${example && ` (${example})`}`);
    if (counts.ended > 0) reasons.push(`${counts.ended} × ended by the server`);
    super(`${what}: ${reasons.join(', ')}`);
    this.phase = phase;
  }
}

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
  const startingFleet = startFleet(context.generators, context.placement?.load, signal);
  const startingServer =
    target.kind === 'reference' ? startReference(target.file, context.placement, context.clock, signal) : undefined;
  startingFleet.catch(() => {}); // awaited after the server, whose failure says more
  try {
    reference = await startingServer;
    fleet = await startingFleet;
    const unwell = [fleet.failed, ...(reference ? [unexpectedExit(reference.server)] : [])];
    const task = taskFor(target, round, reference, context);
    return { ...base, ...(await Promise.race([story(task, reference, fleet, context, signal, enter), ...unwell])) };
  } catch (thrown) {
    over.abort();
    const failedIn = thrown instanceof LoadFailure ? thrown.phase : phase;
    const error = reference ? await causeOf(thrown as Error, reference.server) : (thrown as Error);
    const message = context.signal.aborted ? interrupted : error.message;
    const partial = await fleet?.disconnect().catch(() => undefined);
    return { ...base, state: 'failed', phase: failedIn, message, ...lastWords(error, reference), ...countsOf(partial) };
  } finally {
    over.abort();
    enter('stop');
    await Promise.allSettled([startingFleet.then(({ kill }) => kill()), startingServer?.then(({ server }) => server.stop())]);
  }
}

async function story(
  task: Task,
  reference: ReferenceServer | undefined,
  fleet: Fleet,
  { scenario, clock, signal: asked }: RoundContext,
  signal: AbortSignal,
  enter: (phase: Phase) => void,
): Promise<Omit<MeasuredRound, 'server' | 'round' | 'startedAt'>> {
  const { warmUpAtNs, measureAtNs, disconnectAtNs } = task.window;
  const until = (atNs: number) => sleep(Math.max(0, (atNs - clock.nowNs()) / 1e6), undefined, { signal });
  fleet.run(task);

  enter('ramp');
  await until(warmUpAtNs);
  enter('warm up');
  await until(measureAtNs);
  enter('measure');
  const first = await reference?.sample();
  const ticksBefore = sampleCoreTicks();
  let endNs = disconnectAtNs;
  await until(disconnectAtNs).catch((error) => {
    // A person who has seen enough still gets what was measured by then.
    endNs = clock.nowNs();
    if (!asked.aborted || endNs < measureAtNs + leastMeasuredMs * 1e6) throw error;
    fleet.endMeasuring(endNs);
  });
  const last = await reference?.sample();
  const ticksAfter = sampleCoreTicks();

  enter('disconnect');
  const loaded = await reference?.beginRelease();
  if (loaded) await sleep(afterCollectionMs);
  const { recording, generators, closedNs } = await fleet.disconnect();
  if (recording.counts.opened === 0) throw new LoadFailure('ramp', 'no stream opened', recording);
  if (recording.counts.stopped === 0) throw new LoadFailure('measure', 'no stream lasted', recording);

  enter('settle');
  const { held, releases } = (await reference?.awaitRelease()) ?? {};
  const releasedNs = (repeatMs: number | null) => releases?.[String(repeatMs)] ?? [];
  return {
    state: 'measured',
    planned: scenario.streams,
    quietPlanned: scenario.quietStreams,
    openAtEnd: closedNs.paced.length + closedNs.quiet.length,
    durationMs: (endNs - measureAtNs) / 1e6,
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
  { scenario, limits, clock }: RoundContext,
): Task {
  const { streams, quietStreams, rampMs, warmUpMs, durationMs, headers } = scenario;
  const { intervalMs } = target.kind === 'url' ? target : scenario;
  const rampAtNs = clock.nowNs() + leadMs * 1e6;
  const warmUpAtNs = rampAtNs + rampMs * 1e6;
  const measureAtNs = warmUpAtNs + warmUpMs * 1e6;
  const url = (interval: number | null) =>
    target.kind === 'url' ? target.url : `${reference?.server.origin}/event?interval=${interval}&stamp`;
  const asked = new URL(url(intervalMs));
  return {
    // Each round has arrivals of its own, the same for all servers.
    plan: { ...scenario, seed: scenario.seed + round },
    url: url(intervalMs),
    quietUrl: url(quietIntervalMs(scenario)),
    headers: {
      accept: 'text/event-stream',
      'cache-control': 'no-cache',
      ...credentialsOf(asked),
      ...headers,
    },
    localAddresses: localAddressesFor(asked.hostname, streams + quietStreams, limits),
    rampAtNs,
    window: { warmUpAtNs, measureAtNs, disconnectAtNs: measureAtNs + durationMs * 1e6 },
    intervalMs,
    firstNumber: target.kind === 'reference' ? 0 : 'any',
    sameClock: /^(127\.[\d.]+|\[::1\]|localhost)$/.test(asked.hostname),
    stallAfterMs: stallAfterMs(intervalMs),
  };
}

/** The header for what a URL says before its host, `http://user:password@host`. */
function credentialsOf({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const plain = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(plain).toString('base64')}` };
}

/** How a server ended, and what it said last. */
function lastWords(error: Error, reference: ReferenceServer | undefined): Pick<FailedRound, 'exitCode' | 'signal' | 'stderr'> {
  const { exit, stderr } = error instanceof ServerFailure ? error : { stderr: reference?.server.stderrTail() ?? [] };
  return { exitCode: exit?.code ?? null, signal: exit?.signal ?? null, stderr };
}

/** What the load had counted by then. */
function countsOf(partial: FleetResult | undefined): Pick<FailedRound, 'counts' | 'failures' | 'histograms'> {
  return partial ? partial.recording : { counts: null, failures: {}, histograms: null };
}
