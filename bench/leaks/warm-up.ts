/** Before anything is counted: that the server answers, that it is the one that is looked at, and what its first streams make. */
import { failureInWords, requestFirst } from '../stream/first-request.ts';
import { streamHeaders } from '../stream/stream-headers.ts';
import { noNoise } from '../result/held.ts';
import { urlWithoutSecrets } from '../scenario/secrets.ts';
import type { CrowdReport } from './crowd/task.ts';
import { whyNotOpened } from './crowd/explain.ts';
import { taskFor, type Examination } from './examination.ts';
import { watchIfBusy } from './idle.ts';
import { disconnectModes } from '../scenario/disconnect-modes.ts';
import { baselineOf, settle, type Baseline } from './settle.ts';
import { causeOf } from './server-under-test.ts';

const warmUpStreams = 5;
/** Whatever is there for longer is what the first streams made once and for all, or leaked. */
const warmWithinMs = 2_500;
/** How long clients wait for events that are only there to be many at once. */
const peakPatienceMs = 1_000;
const plain = disconnectModes.find(({ name }) => name === 'close')!;

/** A server that has just started. */
export type Cold = Omit<Examination, 'mark' | 'baseline' | 'noise' | 'roundMs'>;

/**
 * What the first of its kind loads and keeps is no leak: a few streams in each mode, and as many at once as there will be
 * in any round, since pools grow with that. Also finds how long an answer takes, and whether the server has other work.
 */
export async function warmUp(cold: Cold): Promise<Examination> {
  const { subject, crowds, options, time, signal } = cold;
  try {
    if (options.asksFirst) await requestOne(cold);
    const cool = await baselineOf(subject.inspection);
    const warm: Examination & { baseline: Baseline } = {
      ...cold,
      roundMs: 0,
      baseline: cool,
      mark: cool,
      noise: noNoise,
    };
    await watchIfBusy(warm);
    const headersMs = (await holdSome(cold)).headersMs ?? cold.headersMs;
    // Those that were held have left gracefully. Clients that do not read ask for all that there is, of which a server that leaks would never come to an end.
    for (const mode of options.modes.filter(
      (each) => each.when !== 'when blocked' && each !== plain,
    )) {
      await crowds.send({ ...taskFor({ ...cold, headersMs }, mode, warmUpStreams), overMs: 0 });
    }
    const patienceMs = Math.min(options.patienceMs, peakPatienceMs);
    await crowds.send({
      ...taskFor({ ...cold, headersMs }, plain, 2 * options.streams),
      overMs: 0,
      patienceMs,
    });
    const { after } = await settle(subject.inspection, warm.baseline, {
      deadlineMs: Math.min(options.deadlineMs, warmWithinMs),
      leastMs: 0,
      laterMs: options.deadlineMs,
      mark: warm.mark,
      noise: warm.noise,
      time,
      signal,
    });
    return { ...warm, headersMs, baseline: after, mark: after };
  } catch (error) {
    const cause = await causeOf(error as Error, subject, signal);
    await subject.stop();
    throw cause;
  }
}

/** One request, so that a server without a stream is reported at once. Before the baseline: it is in no count. */
async function requestOne(cold: Cold) {
  const { url, headers, patienceMs } = taskFor(cold, plain, 1);
  const failure = await requestFirst(
    { url, headers: streamHeaders(url, headers), withinMs: patienceMs },
    cold.signal,
  );
  cold.signal.throwIfAborted();
  if (failure) throw new Error(failureInWords(failure));
}

/** Streams that stay open for as long as is looked whether the process has them: what launches or leads others has none. */
async function holdSome(cold: Cold): Promise<CrowdReport> {
  const {
    subject: { inspection },
    crowds,
  } = cold;
  const before = (await inspection.glance()).connections;
  // All at once, as the others: of what ticks from then on, as little as can be is there before.
  const task = {
    ...taskFor(cold, plain, warmUpStreams),
    overMs: 0,
    leave: { method: 'GET', when: 'when blocked', closeMethod: 'fin' },
  } as const;
  return crowds.send(task, async (report) => {
    if (report.opened === 0) throw new Error(whyNotOpened(report));
    const now = (await inspection.glance()).connections;
    if (before === undefined || now === undefined || now > before) return;
    throw new Error(
      `${report.opened} streams were opened, and the process that is looked at has not one connection more: it is not the one that serves ` +
        `${urlWithoutSecrets(task.url)} (a launcher such as npm, or the primary of a cluster, leaves that to others), or it ends its streams at once`,
    );
  });
}
