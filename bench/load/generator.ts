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
let load: Load | undefined;
let watch: ReturnType<typeof watchOwnHealth> | undefined;

/** Measures this process, from now on or from the moment it is asked to begin, until it is asked. */
function watchOwnHealth() {
  const delay = monitorEventLoopDelay({ resolution: delayResolutionMs });
  delay.enable();
  const loop = performance.eventLoopUtilization();
  const cpu = process.cpuUsage();
  return (): GeneratorHealth => {
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
  setInterval(() => tell({ type: 'progress', ...load!.progress() }), progressEveryMs);
  setTimeout(() => (watch = watchOwnHealth()), (task.window.measureAtNs - clock.nowNs()) / 1e6);
}

function disconnect() {
  const health = (watch ?? watchOwnHealth())();
  tell({ type: 'done', result: { ...load!.disconnect(), health } });
}

process.on('message', (message: ToGenerator) => {
  if (message.type === 'run') run(message.task);
  else disconnect();
});
// The main process has gone, however it went: its load goes with it.
process.on('disconnect', () => process.exit(1));

tell({ type: 'ready' });
