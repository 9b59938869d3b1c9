/** How a generator itself fares: what its figures are worth. */
import { performance } from 'node:perf_hooks';
import { waitedNsOf } from '../target/process.ts';
import type { GeneratorHealth } from './task.ts';

const tickMs = 10;

/**
 * Watches this process until it is asked. A timer of our own looks for times in which the event loop stood still:
 * what arrives then is noticed late, and that is no fault of the server.
 *
 * @param standstillMs how late the timer must be for that time to count
 */
export function watchOwnHealth(standstillMs: number): () => GeneratorHealth {
  const startMs = performance.now();
  const loop = performance.eventLoopUtilization();
  const cpu = process.cpuUsage();
  const waitedBefore = waitedNsOf(process.pid);
  let lastMs = startMs;
  let longestMs = 0;
  let stoodStillMs = 0;

  function tick() {
    const nowMs = performance.now();
    const lateMs = nowMs - lastMs - tickMs;
    lastMs = nowMs;
    longestMs = Math.max(longestMs, lateMs);
    if (lateMs > standstillMs) stoodStillMs += lateMs;
  }
  const ticks = setInterval(tick, tickMs);

  return () => {
    clearInterval(ticks);
    tick(); // a standstill that is still going on
    const { user, system } = process.cpuUsage(cpu);
    const overMs = performance.now() - startMs;
    const waitedNow = waitedNsOf(process.pid);
    return {
      loopUtilization: performance.eventLoopUtilization(loop).utilization,
      loopDelayMaxMs: longestMs,
      stoodStillShare: stoodStillMs / overMs,
      waitedShare: waitedBefore === undefined || waitedNow === undefined ? null : (waitedNow - waitedBefore) / 1e6 / overMs,
      cpuNs: (user + system) * 1000,
      rssBytes: residentBytes(),
    };
  };
}

/** Resident memory now; at its peak, where there is no file descriptor left to ask with. */
function residentBytes(): number {
  try {
    return process.memoryUsage.rss();
  } catch {
    return process.resourceUsage().maxRSS * 1024;
  }
}
