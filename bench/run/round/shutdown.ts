/**
 * A round with a shutdown of the server: ramp → warm up → measure → disconnect, which lasts from
 * SIGTERM to the end of the process.
 */
import { connect, type NetConnectOpts } from 'node:net';
import { watchOwnHealth } from '../../generator/health.ts';
import { planArrivals } from '../../load/plan.ts';
import { nothingCounted } from '../../result/recording.ts';
import type { ShutdownOutcome } from '../../scenario/kinds/shutdown.ts';
import type { RequestOptions } from '../../scenario/request-options.ts';
import { portOf } from '../../scenario/servers-under-test.ts';
import { loadOf } from '../../scenario/scenario.ts';
import { within } from '../../system/deadline.ts';
import { betweenSamples } from '../../system/machine.ts';
import { LoadFailure } from './failure.ts';
import { followed, type Measured, type RoundKind } from './round-kind.ts';
import { watchStreams } from './shutdown-streams.ts';

/** After the end of the process, time for the ends of connections to arrive. */
const lastEndsMs = 500;
/** Time between two attempts to connect: at first, and after the server has taken a while. */
const probeMs = { first: 5, later: 50 } as const;
const firstProbesMs = 1_000;

export const shutdownRound: RoundKind = async (cast): Promise<Measured> => {
  const { task, context, signal } = cast;
  const { scenario, world } = context;
  const { clock, sleep, sampleMachine } = world;
  const { graceMs } = loadOf(scenario, 'shutdown')!;
  const server = cast.server!.process;
  const until = (atNs: number) => sleep(Math.max(0, (atNs - clock.nowNs()) / 1e6), signal);
  const machineBefore = sampleMachine();
  const ownHealth = watchOwnHealth(task, clock);
  const watched = watchStreams(task.url, task.request, scenario.streams, task);
  let last = { atNs: clock.nowNs(), events: 0 };
  const { enter, timeline } = followed(cast, () => {
    const now = { atNs: clock.nowNs(), events: watched.events() };
    const eventsPerSecond = (now.events - last.events) / ((now.atNs - last.atNs) / 1e9);
    last = now;
    return { open: watched.open(), eventsPerSecond, loopDelayMs: null, deliveryMs: null };
  });
  const probing = new AbortController();
  try {
    enter('ramp');
    for (const [stream, { atMs }] of planArrivals(task.plan).entries()) {
      await until(task.rampAtNs + atMs * 1e6);
      watched.start(stream);
    }
    enter('warm up');
    await until(task.window.measureAtNs);
    const { failures } = watched;
    const opened = watched.open();
    const nothing = nothingCounted();
    const counts = { ...nothing.counts, started: scenario.streams, opened, stopped: opened };
    if (opened === 0)
      throw new LoadFailure('ramp', 'no stream opened', { counts, failures }, scenario.load.kind);

    enter('measure');
    await until(task.window.disconnectAtNs);
    enter('disconnect');
    watched.beginShutdown();
    const refused = refusedAfter(targetOf(server.origin, task.request), probing.signal);
    const ended = server.shutDown(graceMs, () => {
      watched.freeze();
      probing.abort();
    });
    const { code, signal: by, tookMs, wasKilled, outputs } = await untilAborted(ended, signal);
    await within(lastEndsMs, '', watched.over).catch(() => watched.freeze());
    const { missing, isNumbered, eventData, ...findings } = watched.findings();
    const sent = reportedIn(outputs);
    // A partial event was sent but not received; so was a number lower than one that arrived.
    const lost = Math.max(missing + findings.cutInEvent, (sent ?? 0) - findings.received);
    const outcome: ShutdownOutcome = {
      kind: 'shutdown',
      ...findings,
      sent,
      lost: isNumbered || sent !== null || lost > 0 ? lost : null,
      refusedAfterMs: await refused,
      exitAfterMs: tookMs,
      exitCode: code,
      signal: by,
      wasKilled,
    };
    return {
      state: 'measured',
      planned: scenario.streams,
      plannedStreamMs: null,
      quietPlanned: 0,
      openAtEnd: findings.stillOpen,
      durationMs: scenario.durationMs,
      intervalMs: task.intervalMs,
      ...nothing,
      counts: { ...counts, eventsInAll: watched.events(), events: watched.events(), missing },
      failures,
      eventData,
      histograms: {},
      process: null,
      generators: [ownHealth(task.window.disconnectAtNs)],
      outcome,
      timeline: timeline(),
      machine: betweenSamples(machineBefore, sampleMachine()),
    };
  } finally {
    probing.abort();
    watched.close();
  }
};

async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const giveUp = () => reject(signal.reason as Error);
  signal.addEventListener('abort', giveUp);
  if (signal.aborted) giveUp();
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

/**
 * @returns the number of sent events that all processes of the server report, each in its last such
 * line; `null` if one of them has none
 */
function reportedIn(outputs: readonly (readonly string[])[]): number | null {
  const reports = outputs.map((lines) => lines.findLast((line) => /^Events sent: \d+$/.test(line)));
  return reports.reduce<number | null>(
    (sum, report) =>
      sum === null || report === undefined ? null : sum + Number(report.split(': ')[1]),
    0,
  );
}

/** The address for a connection to the server. */
function targetOf(
  origin: string,
  { socketPath }: Pick<RequestOptions, 'socketPath'>,
): NetConnectOpts {
  if (socketPath !== null) return { path: socketPath };
  return { host: new URL(origin).hostname.replaceAll(/[[\]]/g, ''), port: portOf(origin) };
}

/**
 * Connects repeatedly until a connection is refused.
 *
 * @returns the time until then in milliseconds, or `null` if the signal is aborted first
 */
async function refusedAfter(target: NetConnectOpts, signal: AbortSignal): Promise<number | null> {
  const startMs = performance.now();
  const sinceMs = () => performance.now() - startMs;
  while (!signal.aborted) {
    if (!(await accepts(target))) return signal.aborted ? null : sinceMs();
    const waitMs = sinceMs() < firstProbesMs ? probeMs.first : probeMs.later;
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
  return null;
}

function accepts(target: NetConnectOpts): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(target);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
