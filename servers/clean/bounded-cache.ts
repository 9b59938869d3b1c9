/**
 * Clean: keeps the last visits, up to a bound, and a history of its own ticks. Both grow at first,
 * and no client makes them grow for good.
 */
import { randomUUID } from 'node:crypto';
import { forgets, serveStreams } from './streams.ts';

const mostVisits = 64;
const mostTicks = 10_000;
const visits = new Map<string, number>();
const ticks: number[] = [];
/** Removed at the close of a stream. */
const online = new Set<string>();
setInterval(() => {
  ticks.push(Date.now());
  if (ticks.length > mostTicks) ticks.shift();
}, 100);

serveStreams(async () => {
  const id = randomUUID();
  online.add(id);
  visits.set(id, Date.now());
  const [oldest] = visits.keys();
  if (visits.size > mostVisits && oldest !== undefined) visits.delete(oldest);
  return () => void (forgets() || online.delete(id));
});
