/**
 * Detects when a server can write no more because its clients do not read, and measures the memory
 * that this costs.
 */
import { blockedAt } from '../system/sockets.ts';
import { poll } from '../system/time.ts';
import type { Held } from '../result/held.ts';
import type { Examination } from './examination.ts';
import type { DisconnectMode } from '../scenario/disconnect-modes.ts';
import { portOf } from '../scenario/servers-under-test.ts';

const blockedPollMs = 50;
const memoryWindowMs = 1_000;
const memoryWindows = 3;
/**
 * Growth of memory per stream and second that is ignored: one garbage collection does not find
 * everything.
 */
const leastGrowthKb = 4;

/**
 * Waits until the server is blocked.
 *
 * @returns whether all buffers of clients and server filled up, or the server dropped clients that
 * do not read, as it may
 */
export async function untilBlocked(
  { server, options, time, signal }: Examination,
  mode: DisconnectMode,
  streams: number,
  before: number | undefined,
): Promise<boolean> {
  const port = portOf(server.urlFor(mode));
  const areBlocked = async () => {
    const { connections } = await server.inspection.glance();
    const dropped =
      connections === undefined || before === undefined
        ? 0
        : Math.max(0, before + streams - connections);
    return blockedAt(port) + dropped >= streams;
  };
  const isSo = await poll(areBlocked, (answer) => answer, {
    eachMs: blockedPollMs,
    withinMs: options.patienceMs,
    time,
    signal,
  });
  return isSo && streams > 0;
}

/**
 * Measures the memory per stream of clients that do not read, and whether it keeps growing. Bounded
 * buffers stop growing when they are full.
 */
export async function watchMemory(
  { server: { inspection }, time, signal }: Examination,
  streams: number,
  beforeBytes: number,
): Promise<{ kbPerStream: number; grown: Held[] }> {
  let bytes = await inspection.memoryBytes();
  let least = Infinity;
  for (let n = 0; n < memoryWindows && least > leastGrowthKb * streams; n++) {
    const startMs = time.nowMs();
    await time.sleep(memoryWindowMs, signal);
    const nowBytes = await inspection.memoryBytes();
    least = Math.min(least, (nowBytes - bytes) / 1024 / ((time.nowMs() - startMs) / 1000));
    bytes = nowBytes;
  }
  const grows = least > leastGrowthKb * streams;
  return {
    kbPerStream: Math.max(0, (bytes - beforeBytes) / 1024 / streams),
    grown: grows
      ? [
          {
            kind: 'memory',
            what: 'data queued for clients that do not read',
            place: undefined,
            library: undefined,
            traced: false,
            count: Math.round(least),
          },
        ]
      : [],
  };
}
