/** Compares the wall clock, which shows Unix time, with the common clock of this machine. */
import type { Clock } from './clock.ts';

/** A `Date` shows whole milliseconds. So the offset is taken where it changes. */
const changes = 3;
/** About 10 ms: a clock that does not change in this time is simulated. */
const mostReadings = 300_000;

/** @returns Unix time minus the common clock in nanoseconds, to within a few microseconds */
export function wallOffsetNs(clock: Clock): number {
  let greatest = Date.now() * 1e6 - clock.nowNs();
  let lastMs = Date.now();
  for (let reading = 0, changed = 0; reading < mostReadings && changed < changes; reading++) {
    const nowMs = Date.now();
    if (nowMs === lastMs) continue;
    // A delay between the two readings makes the difference smaller, never greater.
    greatest = Math.max(greatest, nowMs * 1e6 - clock.nowNs());
    lastMs = nowMs;
    changed++;
  }
  return greatest;
}
