/** Two ways to tick: a timer per stream, or one timer shared by all streams of an interval. */

const shared = new Map<number, { timer: NodeJS.Timeout; ticks: Set<() => void> }>();

/** @returns a function that stops it; the last stream of a shared timer clears the timer */
export function startTicking(intervalMs: number, isShared: boolean, tick: () => void): () => void {
  if (!isShared) {
    const timer = setInterval(tick, intervalMs);
    return () => clearInterval(timer);
  }
  const ticker = shared.get(intervalMs) ?? startShared(intervalMs);
  ticker.ticks.add(tick);
  return () => {
    ticker.ticks.delete(tick);
    if (ticker.ticks.size > 0 || shared.get(intervalMs) !== ticker) return;
    clearInterval(ticker.timer);
    shared.delete(intervalMs);
  };
}

function startShared(intervalMs: number) {
  const ticks = new Set<() => void>();
  const timer = setInterval(() => {
    for (const tick of ticks) tick();
  }, intervalMs);
  const ticker = { timer, ticks };
  shared.set(intervalMs, ticker);
  return ticker;
}
