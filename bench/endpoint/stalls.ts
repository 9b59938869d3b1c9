/**
 * Watches for stalls of ssebench itself. During a stall it reads nothing, so a stream seems silent or
 * late.
 */

const everyMs = 20;

/** @returns a function that ends the watch and returns the longest stall, in milliseconds */
export function watchStalls(): () => number {
  let lastMs = performance.now();
  let longestMs = 0;
  const tick = () => {
    const nowMs = performance.now();
    longestMs = Math.max(longestMs, nowMs - lastMs - everyMs);
    lastMs = nowMs;
  };
  const timer = setInterval(tick, everyMs);
  return () => {
    tick();
    clearInterval(timer);
    return longestMs;
  };
}
