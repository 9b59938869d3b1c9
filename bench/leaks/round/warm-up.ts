/**
 * Preparation before anything is counted: checks that the server answers and that the inspected
 * process is the one that serves, and lets first streams create their one-time objects.
 */
import { failureInWords, requestFirst } from '../../stream/first-request.ts';
import { noNoise } from '../../result/held.ts';
import { urlWithoutSecrets } from '../../scenario/secrets.ts';
import type { CrowdReport } from '../crowd/task.ts';
import { whyNotOpened } from '../crowd/explain.ts';
import { mayBeQuick, taskFor, type Examination } from './examination.ts';
import { watchIfBusy } from './idle.ts';
import type { CheckOptions } from '../request/check-options.ts';
import { tryCompression } from './compression.ts';
import { disconnectModes, type DisconnectMode } from '../../scenario/disconnect-modes.ts';
import { baselineOf, type Baseline } from './baseline.ts';
import { settle } from './settle.ts';
import { causeOf } from '../checked-server/end.ts';
import { createWorkMeter } from './work-meter.ts';

const warmUpStreams = 5;
/**
 * Objects that stay longer than this after the warm-up were created once and for all, or leaked.
 */
const warmWithinMs = 2_500;
/** How long clients wait for events when their only purpose is to be many at once. */
const peakPatienceMs = 1_000;
const plain = disconnectModes.find(({ name }) => name === 'close')!;

/** A server that has just started. */
export type Cold = Pick<
  Examination,
  | 'server'
  | 'crowds'
  | 'options'
  | 'headersMs'
  | 'redirects'
  | 'hasSmallBuffers'
  | 'known'
  | 'unexpected'
  | 'time'
  | 'signal'
>;

/**
 * The first streams of each kind load modules and fill caches, which is not a leak. So the warm-up
 * runs a few streams in each mode. It also runs as many at once as any round will have, because
 * pools grow with that number. It measures the time to headers, and whether the server has other
 * work.
 */
export async function warmUp(cold: Cold): Promise<Examination> {
  const { server, crowds, time, signal } = cold;
  // If the server ends, these modes may be the cause.
  let during: DisconnectMode[] = [];
  try {
    if (cold.options.asksFirst) await requestOne(cold);
    during = [plain];
    const options = await asBrowsers(cold);
    const cool = await baselineOf(server.inspection, time);
    const work = createWorkMeter(server.inspection.work, time);
    const warm: Examination & { baseline: Baseline } = {
      ...cold,
      options,
      time: work.time,
      work,
      roundMs: 0,
      disconnectedMs: 0,
      unsettled: undefined,
      releasesSlowly: false,
      deferred: [],
      disconnects: 0,
      heapKb: undefined,
      toRepeat: [],
      baseline: cool,
      mark: cool,
      noise: noNoise,
    };
    await work.idle(() => watchIfBusy(warm));
    const held = await holdSome(warm);
    work.note(warmUpStreams);
    const { redirects } = held;
    const headersMs = held.headersMs ?? cold.headersMs;
    const known = { ...warm, headersMs, redirects };
    // `holdSome` has already covered the plain close. Clients that do not read are skipped, because
    // a leaking server would never finish writing to them.
    for (const mode of options.modes.filter(
      (each) => each.when !== 'when blocked' && each !== plain,
    )) {
      const task = taskFor(known, mode, warmUpStreams, true);
      const report = await crowds.send({ ...task, overMs: 0 });
      work.note(warmUpStreams);
      if (hasEndedBefore(mode, report)) break;
      // A stream that opens proves that earlier clients have not ended the server.
      during = report.opened > 0 ? [mode] : [...during, mode];
    }
    const patienceMs = Math.min(options.patienceMs, peakPatienceMs);
    await crowds.send({
      ...taskFor(known, plain, 2 * options.streams),
      overMs: 0,
      patienceMs,
    });
    work.note(2 * options.streams);
    const disconnectedMs = time.nowMs();
    const stopsWhenStable = mayBeQuick(warm);
    const { after, isClean } = await settle(server.inspection, warm.baseline, {
      deadlineMs: Math.min(options.deadlineMs, warmWithinMs),
      leastMs: 0,
      laterMs: stopsWhenStable ? 0 : options.deadlineMs,
      stopsWhenStable,
      mark: warm.mark,
      noise: warm.noise,
      time,
      signal,
    });
    const unsettled = isClean || !stopsWhenStable ? undefined : warm.baseline;
    return {
      ...warm,
      headersMs,
      redirects,
      baseline: after,
      mark: after,
      disconnectedMs,
      unsettled,
    };
  } catch (error) {
    const cause = await causeOf(error as Error, server, during, signal);
    await server.stop();
    throw cause;
  }
}

/**
 * The options with a request that accepts what browsers accept. If events then do not arrive, that
 * is reported once, and the clients do without.
 */
async function asBrowsers(cold: Cold): Promise<CheckOptions> {
  const { options, unexpected, signal } = cold;
  if (!options.asksFirst || unexpected.size > 0) return options;
  const { url, patienceMs: withinMs } = taskFor(cold, plain, 1);
  const found = await tryCompression({ url, request: options.request, withinMs }, signal);
  if (found.unexpected !== undefined) unexpected.add(found.unexpected);
  return { ...options, request: found.request };
}

/** Whether a server that has served other clients did not even refuse the streams of this mode. */
const hasEndedBefore = ({ when }: DisconnectMode, { opened, failures }: CrowdReport): boolean =>
  when === 'after events' &&
  opened === 0 &&
  !Object.keys(failures).some((cause) => /^(status |not an event stream)/.test(cause));

/**
 * Sends one request, to report at once a server without a stream. It happens before the baseline,
 * so no count includes it.
 */
async function requestOne(cold: Cold) {
  const { url, request, patienceMs } = taskFor(cold, plain, 1);
  const failure = await requestFirst({ url, request, withinMs: patienceMs }, cold.signal);
  cold.signal.throwIfAborted();
  if (failure) throw new Error(failureInWords(failure));
}

/**
 * Keeps streams open while checking that the inspected process has their connections. A launcher or
 * the primary of a cluster has none.
 */
async function holdSome(cold: Cold): Promise<CrowdReport> {
  const {
    server: { inspection },
    crowds,
  } = cold;
  const before = (await inspection.glance()).connections;
  // All streams start at once, as in the other warm-up rounds, so that the server has ticked as
  // little as possible before them.
  const task = {
    ...taskFor(cold, plain, warmUpStreams),
    overMs: 0,
    mode: { method: 'GET', when: 'when blocked', closeMethod: 'fin' },
  } as const;
  return crowds.send(task, async (report) => {
    if (report.opened === 0) throw new Error(whyNotOpened([report]));
    const now = (await inspection.glance()).connections;
    // Only TCP connections are counted.
    if (task.request.socketPath !== null) return;
    if (before === undefined || now === undefined || now > before) return;
    throw new Error(
      `${report.opened} streams opened, but the inspected process has no new connection. Either another process serves ${urlWithoutSecrets(task.url)}, ` +
        'as with npm or the primary of a cluster, or the server ends its streams at once. Give the pid or the command of the process that listens',
    );
  });
}
