/**
 * Detects when a server can write no more because its clients do not read, and measures the memory
 * that this costs.
 */
import { queuesAt } from '../../system/sockets.ts';
import { poll } from '../../system/time.ts';
import type { Held } from '../../result/held.ts';
import {
  judgeBlockedMemory,
  mostBoundedKb,
  type MemorySample,
} from '../../verdict/blocked-memory.ts';
import type { CheckOptions } from '../request/check-options.ts';
import type { Examination } from './examination.ts';
import type { DisconnectMode } from '../../scenario/disconnect-modes.ts';
import { portOf } from '../../scenario/servers-under-test.ts';

const blockedPollMs = 50;
/** Buffers are full when nothing has been added to them for this time. */
const fullAfterMs = 1_000;
/**
 * The least time between two samples. The first verdict needs six of them, which cover the usual time
 * in which events are expected.
 */
const sampleEachMs = 600;
/**
 * Each sample stops the server for a garbage collection, so the queue of a slow server would hardly
 * grow. As long as a queue is small, a pause is at least this many times as long as the sample, and
 * this share of the time so far.
 */
const pauses = { perSample: 4, share: 1 / 10 };
const pauseMs = (sampleMs: number, sinceMs: number, isSmall: boolean) =>
  isSmall
    ? Math.max(sampleEachMs, pauses.perSample * sampleMs, pauses.share * sinceMs)
    : sampleEachMs;
/**
 * Time for a server that sends little, at least: to fill the buffers of its clients, and to exceed
 * bounded buffers of its own. `--patience` can raise it.
 */
const slowMs = { fill: 30_000, watch: 90_000 };

const seconds = (ms: number) => `${ms / 1_000} s`;
const most = (ms: number, { patienceMs }: Pick<CheckOptions, 'patienceMs'>) =>
  Math.max(ms, patienceMs);

/**
 * Waits until the server is blocked: all buffers of clients and server are full, or the server
 * dropped clients that do not read, as it may. As long as it sends, it gets time to fill the
 * buffers.
 *
 * @returns why it is not blocked; `undefined` if it is
 */
export async function whyNotBlocked(
  { server, options, hasSmallBuffers, time, signal }: Examination,
  mode: DisconnectMode,
  streams: number,
  before: number | undefined,
): Promise<string | undefined> {
  const port = portOf(server.urlFor(mode));
  const startMs = time.nowMs();
  let bytes = 0;
  let addedMs = startMs;
  const observe = async (): Promise<'blocked' | 'silent' | 'sending'> => {
    const { connections } = await server.inspection.glance();
    const queues = queuesAt(port);
    if (queues.bytes > bytes) addedMs = time.nowMs();
    bytes = queues.bytes;
    const dropped =
      connections === undefined || before === undefined
        ? 0
        : Math.max(0, before + streams - connections);
    const quietMs = time.nowMs() - addedMs;
    if (queues.blocked + dropped >= streams) return quietMs >= fullAfterMs ? 'blocked' : 'sending';
    return quietMs > options.patienceMs ? 'silent' : 'sending';
  };
  const last = await poll(observe, (state) => state !== 'sending', {
    eachMs: blockedPollMs,
    withinMs: most(slowMs.fill, options),
    time,
    signal,
  });
  if (last === 'blocked' && streams > 0) return undefined;
  const tookMs = last === 'silent' ? options.patienceMs : time.nowMs() - startMs;
  const remedy = hasSmallBuffers
    ? ''
    : 'let ssebench start the server, so that it can make the buffers small, or ';
  return `the server sent too little to fill the buffers of its clients within ${seconds(Math.round(tookMs / 100) * 100)}; ${remedy}allow more time with --patience`;
}

/** The memory of a server whose clients do not read. */
export interface WatchedMemory {
  kbPerStream: number;
  grown: Held[];
}

/**
 * Measures the memory per stream of clients that do not read, until it is certain whether it keeps
 * growing.
 *
 * @returns the memory, or why it is not certain
 */
export async function watchMemory(
  examination: Examination,
  streams: number,
  beforeBytes: number,
): Promise<WatchedMemory | { unclear: string }> {
  const {
    server: { inspection },
    options,
    time,
    signal,
  } = examination;
  const startMs = time.nowMs();
  const samples: MemorySample[] = [];
  const limitMs = most(slowMs.watch, options);
  while (time.nowMs() - startMs <= limitMs) {
    const askedMs = time.nowMs();
    const kbOf = (bytes: number) => bytes / 1_024 / streams;
    const { memoryBytes, queuedBytes, beyondMarkBytes } = await inspection.queued();
    const memoryKb = kbOf(memoryBytes - beforeBytes);
    samples.push({
      atMs: time.nowMs() - startMs,
      memoryKb,
      queuedKb: kbOf(queuedBytes),
      beyondMarkKb: kbOf(beyondMarkBytes),
    });
    const verdict = judgeBlockedMemory(samples, examination.isUnbounded === true);
    const kbPerStream = Math.max(0, memoryKb);
    if (verdict.state === 'bounded') return { kbPerStream, grown: [] };
    if (verdict.state === 'growing') {
      examination.isUnbounded = true;
      return { kbPerStream, grown: [growthOf(verdict.kbPerSecond * streams)] };
    }
    const nowMs = time.nowMs();
    await time.sleep(pauseMs(nowMs - askedMs, nowMs - startMs, memoryKb < mostBoundedKb), signal);
  }
  const { memoryKb, queuedKb } = samples.at(-1)!;
  const kb = Math.round(Math.max(memoryKb, queuedKb));
  return {
    unclear: `clients that do not read had a queue that still grew after ${seconds(limitMs)}, but ${kb} of up to ${mostBoundedKb} KB may be a bounded buffer; allow more time with --patience`,
  };
}

const growthOf = (kbPerSecond: number): Held => ({
  kind: 'memory',
  what: 'data queued for clients that do not read',
  place: undefined,
  library: undefined,
  traced: false,
  count: kbPerSecond,
});
