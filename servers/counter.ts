/**
 * The counter that every reference server sends: what a request may ask of it, and when its events are due.
 * How an event travels (frame, headers, buffering) is left to each server's framework.
 */
import { setImmediate } from 'node:timers/promises';
import { startTicking } from './ticker.ts';

/** What one request asks of its counter, read from the query. */
export interface CounterOptions {
  /** Milliseconds between two events, and before the first; 0 sends as fast as the client reads. */
  intervalMs: number;
  /** The server ends the stream after this many events. */
  limit: number;
  /** The data is padded with dots to this many bytes; longer data stays as it is. */
  bytes: number;
  /** The data is `N STAMP`, with the sender's monotonic clock in nanoseconds at the moment of sending. */
  stamp: boolean;
  /** Whether all streams of an interval share one timer; the first event then comes at its next tick. */
  sharesTicker: boolean;
  /** Each event has its number as its id, so that who comes again can say which was the last. */
  hasIds: boolean;
  /** Whether the process reports at its end how many events this stream and its like were sent. */
  isReported: boolean;
  /** How long the client is told to wait before it comes again, in milliseconds; `null` leaves that to the client. */
  retryMs: number | null;
  /** The number of the first event: 0, or that after the last which the client had. */
  first: number;
}

/** Where a counter's events go: three verbs, which each framework spells in its own way. */
export interface EventSink {
  /**
   * Sends one event. `false` says that the client reads too slowly (then `drained` is awaited before the
   * next event when the interval is 0); a promise is awaited in its place; nothing says nothing.
   *
   * @param fields lines of the event that stand before its data (`id: 5\n`), where any were asked for; a server that
   *   does not resume streams leaves them out
   */
  send(data: string, fields: string): unknown;
  /** Resolves when more can be sent after `send` returned `false`. */
  drained?(): Promise<unknown>;
  /** Ends the response. */
  end(): void;
}

const numbers = {
  interval: { min: 0, max: 2 ** 31 - 1, fallback: 1000 }, // the longest that a Node timer can wait
  limit: { min: 1, max: Number.MAX_SAFE_INTEGER, fallback: Infinity },
  bytes: { min: 0, max: 2 ** 20, fallback: 0 },
  retry: { min: 0, max: 2 ** 31 - 1, fallback: 0 },
} as const;

/**
 * Reads the counter's options from a query.
 *
 * @param lastEventId the request's header of that name, from a server that resumes streams
 * @returns the options, or as `problem` the sentence for a 400 answer, which names every bad parameter
 */
export function readOptions(
  query: Record<string, unknown>,
  lastEventId?: string,
): { options: CounterOptions; problem?: undefined } | { options?: undefined; problem: string } {
  const problems: string[] = [];
  const number = (name: keyof typeof numbers): number => {
    const { min, max, fallback } = numbers[name];
    const text = query[name];
    if (text === undefined) return fallback;
    const value = typeof text === 'string' && /^\d+$/.test(text) ? Number(text) : NaN;
    if (value >= min && value <= max) return value;
    problems.push(`${name}=${String(text)}: must be one whole number from ${min} to ${max}`);
    return fallback;
  };
  const flag = (name: 'stamp' | 'resume' | 'report', without: string): boolean => {
    const value = query[name];
    if (value !== undefined && value !== '' && value !== 'true')
      problems.push(`${name}=${String(value)}: takes no value; leave it out for ${without}`);
    return value !== undefined;
  };
  const ticker = query.ticker;
  if (ticker !== undefined && ticker !== 'own' && ticker !== 'shared')
    problems.push(`ticker=${String(ticker)}: must be own or shared`);
  const hasIds = flag('resume', 'events without an id');
  const options = {
    intervalMs: number('interval'),
    limit: number('limit'),
    bytes: number('bytes'),
    stamp: flag('stamp', 'data without a stamp'),
    sharesTicker: ticker === 'shared',
    hasIds,
    isReported: flag('report', 'no report'),
    retryMs: query.retry === undefined ? null : number('retry'),
    first: hasIds && /^\d{1,15}$/.test(lastEventId ?? '') ? Number(lastEventId) + 1 : 0,
  };
  return problems.length === 0 ? { options } : { problem: `${problems.join('\n')}\n` };
}

/** The data of event `n`. */
export function eventData(
  n: number,
  { bytes, stamp }: Pick<CounterOptions, 'bytes' | 'stamp'>,
): string {
  return (stamp ? `${n} ${process.hrtime.bigint()}` : `${n}`).padEnd(bytes, '.');
}

/** The lines that stand before the data of event `n`; how long to wait is said once. */
function eventFields(
  n: number,
  { hasIds, retryMs, first }: Pick<CounterOptions, 'hasIds' | 'retryMs' | 'first'>,
): string {
  const retry = retryMs !== null && n === first ? `retry: ${retryMs}\n` : '';
  return hasIds ? `${retry}id: ${n}\n` : retry;
}

const running = new Set<() => void>();

/** Events of the streams that are reported, as they were handed to the framework; `undefined` before the first stream. */
let reported: number | undefined;

function beginReport(): void {
  if (reported !== undefined) return;
  reported = 0;
  process.once('exit', () => console.log(`Events sent: ${reported}`));
}

/**
 * Starts one stream's counter.
 *
 * @returns stops it, without ending the response: to be called when the client has gone
 */
export function startCounter(options: CounterOptions, sink: EventSink): () => void {
  if (options.isReported) beginReport();
  let next = options.first;
  let stopTicking = () => {};

  const stop = () => {
    running.delete(finish);
    stopTicking();
  };
  const finish = () => {
    stop();
    sink.end();
  };
  const tick = () => {
    const n = next++;
    if (options.isReported) reported!++;
    const sent = sink.send(eventData(n, options), eventFields(n, options));
    if (next - options.first >= options.limit) {
      stop();
      // Where sending takes a while, an end that overtook it would cut the last event off.
      if (sent instanceof Promise) void sent.then(() => sink.end());
      else sink.end();
    }
    return sent;
  };
  const flood = async () => {
    while (running.has(finish)) {
      const sent = tick();
      if (sent instanceof Promise) await sent;
      else if (sent === false) await sink.drained?.();
      // Other streams of this process want their turn too; a sink that cannot say "wait" yields each time.
      if (sent === undefined || next % 64 === 0) await setImmediate();
    }
  };

  running.add(finish);
  if (options.intervalMs > 0)
    stopTicking = startTicking(options.intervalMs, options.sharesTicker, tick);
  else void flood();
  return stop;
}

/** Ends every stream of this process, as if each had reached its limit. */
export function endAllStreams(): void {
  for (const finish of running) finish();
}
