/**
 * The timeline of a round, as seen from outside: open streams, received events, and resource use of
 * the server's process.
 */
import type { Clock } from '../../system/clock.ts';
import type { LoadProgress } from '../../load/task.ts';
import type { Timeline } from '../../result/run-result.ts';
import type { TreeSample } from '../../system/process-tree.ts';
import type { Phase } from './context.ts';

/** Generators report their progress equally often. */
const everyMs = 500;

export interface TimelineRecorder {
  enter(phase: Phase): void;
  /** Stops recording, and returns the timeline. */
  end(): Timeline;
}

/**
 * Starts with the first stream. A sample costs the harness a fraction of a millisecond, and the
 * server nothing.
 *
 * @param sample samples the server's processes; returns `undefined` if they are unknown or the
 * system gives no figures
 * @param connections counts the connections to a server of the user with slow readers
 */
export function recordTimeline(
  clock: Clock,
  progress: () => LoadProgress,
  sample: () => (TreeSample & { pid: number }) | undefined,
  connections: () => number | undefined = () => undefined,
): TimelineRecorder {
  const startNs = clock.nowNs();
  const timeline: Timeline = { phases: [], samples: [] };
  const nowMs = () => Math.round((clock.nowNs() - startNs) / 1e6);
  const before = sample();
  let last = { atNs: startNs, pid: before?.pid, cpuNs: before?.cpuNs };

  const timer = setInterval(() => {
    const [process, atNs] = [sample(), clock.nowNs()];
    const cpuShare =
      process && last.cpuNs !== undefined && process.pid === last.pid
        ? Number(((process.cpuNs - last.cpuNs) / (atNs - last.atNs)).toFixed(4))
        : null;
    const { open, eventsPerSecond, loopDelayMs, deliveryMs } = progress();
    timeline.samples.push({
      atMs: nowMs(),
      open,
      eventsPerSecond: Math.round(eventsPerSecond),
      loopDelayMs: loopDelayMs && Number(loopDelayMs.toFixed(2)),
      deliveryMs: deliveryMs && Number(deliveryMs.toFixed(3)),
      cpuShare,
      rssBytes: process?.rssBytes ?? null,
      descriptors: process?.openDescriptors ?? null,
      connections: connections() ?? null,
    });
    last = { atNs, pid: process?.pid, cpuNs: process?.cpuNs };
  }, everyMs);
  return {
    enter: (phase) => void timeline.phases.push({ phase, atMs: nowMs() }),
    end() {
      clearInterval(timer);
      return timeline;
    },
  };
}
