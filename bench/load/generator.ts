/** The process of one generator: takes a task from the main process, and answers with what it measured. */
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { machineClock } from '../measure/clock.ts';
import { startLoad, type Load } from './load.ts';
import { openStream } from './stream.ts';
import type { FromGenerator, GeneratorHealth, LoadTask, ToGenerator } from './task.ts';

const progressEveryMs = 500;
const delayResolutionMs = 10;

const clock = machineClock();
const tell = (message: FromGenerator) => process.send?.(message);
const at = (atNs: number, act: () => void) => setTimeout(act, Math.max(0, (atNs - clock.nowNs()) / 1e6));
let load: Load | undefined;
let health = watchOwnHealth();
let found: GeneratorHealth | undefined;

/** Measures this process from now on, until it is asked. */
function watchOwnHealth(): () => GeneratorHealth {
  const delay = monitorEventLoopDelay({ resolution: delayResolutionMs });
  delay.enable();
  const loop = performance.eventLoopUtilization();
  const cpu = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    return {
      loopUtilization: performance.eventLoopUtilization(loop).utilization,
      // The monitor reads its own resolution where nothing was late.
      loopDelayMaxMs: Math.max(0, delay.max / 1e6 - delayResolutionMs),
      cpuNs: (user + system) * 1000,
      rssBytes: process.memoryUsage.rss(),
    };
  };
}

function run(task: LoadTask) {
  load = startLoad(task, { clock, open: openStream });
  let last = { events: 0, atNs: clock.nowNs() };
  setInterval(() => {
    const { open, events } = load!.progress();
    const atNs = clock.nowNs();
    tell({ type: 'progress', open, eventsPerSecond: (events - last.events) / ((atNs - last.atNs) / 1e9) });
    last = { events, atNs };
  }, progressEveryMs);
  at(task.window.measureAtNs, () => (health = watchOwnHealth()));
  at(task.window.disconnectAtNs, () => (found ??= health()));
}

process.on('message', (message: ToGenerator) => {
  if (message.type === 'run') run(message.task);
  if (message.type === 'end measuring') {
    found ??= health();
    load!.endMeasuring(message.atNs);
  }
  if (message.type === 'disconnect') {
    found ??= health();
    tell({ type: 'done', result: { ...load!.disconnect(), health: found } });
  }
});
// The main process has gone, however it went: its load goes with it.
process.on('disconnect', () => process.exit(1));

tell({ type: 'ready' });
