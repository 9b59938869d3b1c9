/** The health of a generator, which shows how reliable its figures are. */
import { performance } from 'node:perf_hooks';
import type { Clock } from '../system/clock.ts';
import { waitedNsOf } from '../system/process.ts';
import type { LoadTask } from '../load/task.ts';
import type { GeneratorHealth } from '../result/run-result.ts';

const tickMs = 10;

/** The resources that the process had used when the measurement began. */
interface Start {
  atMs: number;
  loop: ReturnType<typeof performance.eventLoopUtilization>;
  cpu: NodeJS.CpuUsage;
  waitedNs: number | undefined;
}

/**
 * Watches this process from the start of the ramp. A timer detects pauses of the event loop. Events
 * that arrive in a pause are noticed late, which is not the server's fault. A pause that spans the
 * warm-up and the measurement counts in both, each with its part.
 *
 * @returns a function to call once, when the measurement has ended; it takes the planned end
 */
export function watchOwnHealth(
  {
    rampAtNs,
    window: { measureAtNs },
    longPauseMs,
  }: Pick<LoadTask, 'rampAtNs' | 'window' | 'longPauseMs'>,
  clock: Clock,
): (endNs: number) => GeneratorHealth {
  let start: Start | undefined;
  let lastNs = rampAtNs;
  let longestMs = 0;
  const pausedNs = { before: 0, measuring: 0 };

  function tick() {
    const nowNs = clock.nowNs();
    const lateNs = nowNs - lastNs - tickMs * 1e6;
    const measuringNs = Math.max(0, Math.min(lateNs, nowNs - measureAtNs));
    lastNs = nowNs;
    if (measuringNs > 0) longestMs = Math.max(longestMs, measuringNs / 1e6);
    if (lateNs > longPauseMs * 1e6) {
      pausedNs.measuring += measuringNs;
      pausedNs.before += lateNs - measuringNs;
    }
    if (nowNs >= measureAtNs) start ??= usedByNow();
  }
  const ticks = setInterval(tick, tickMs);

  return (endNs) => {
    clearInterval(ticks);
    tick(); // counts a pause that has not ended yet
    const { atMs, loop, cpu, waitedNs } = start ?? usedByNow();
    const { user, system } = process.cpuUsage(cpu);
    const now = usedByNow();
    const overMs = Math.max(1, now.atMs - atMs);
    const measuredNs = Math.max(1e6, lastNs - measureAtNs);
    return {
      loopUtilization: performance.eventLoopUtilization(loop).utilization,
      loopDelayMaxMs: longestMs,
      lateAtEndMs: Math.max(0, lastNs - endNs) / 1e6,
      pausedShare: pausedNs.measuring / measuredNs,
      pausedBeforeShare: pausedNs.before / Math.max(1e6, measureAtNs - rampAtNs),
      waitedShare:
        waitedNs === undefined || now.waitedNs === undefined
          ? null
          : (now.waitedNs - waitedNs) / 1e6 / overMs,
      cpuNs: (user + system) * 1000,
      rssBytes: residentBytes(),
    };
  };
}

const usedByNow = (): Start => ({
  atMs: performance.now(),
  loop: performance.eventLoopUtilization(),
  cpu: process.cpuUsage(),
  waitedNs: waitedNsOf(process.pid),
});

/** Resident memory now; the peak if no file descriptor is left to read it. */
function residentBytes(): number {
  try {
    return process.memoryUsage.rss();
  } catch {
    return process.resourceUsage().maxRSS * 1024;
  }
}
