/** A server that can write no more, since its clients do not read: when that is so, and what it costs. */
import { blockedAt } from '../system/sockets.ts';
import { poll } from '../system/time.ts';
import type { Held } from '../result/held.ts';
import type { Examination } from './examination.ts';
import type { DisconnectMode } from '../scenario/disconnect-modes.ts';
import { portOf } from './server-under-test.ts';

const blockedPollMs = 50;
const memoryWindowMs = 1_000;
const memoryWindows = 3;
/** What a stream's memory may grow by in a second: a collection does not find everything at once. */
const leastGrowthKb = 4;

/**
 * @returns whether that came to pass: all clients' buffers are full, and the server's too; or the server has dropped them,
 * as it may whoever does not read
 */
export async function untilBlocked(
  { subject, options, time, signal }: Examination,
  mode: DisconnectMode,
  streams: number,
  before: number | undefined,
): Promise<boolean> {
  const port = portOf(subject.urlFor(mode));
  const areBlocked = async () => {
    const { connections } = await subject.inspection.glance();
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

/** What streams cost whose clients do not read, and whether that grows and grows: buffers that have a bound fill up first. */
export async function watchMemory(
  { subject: { inspection }, time, signal }: Examination,
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
            what: 'what waits for clients that do not read',
            place: undefined,
            library: undefined,
            traced: false,
            count: Math.round(least),
          },
        ]
      : [],
  };
}
