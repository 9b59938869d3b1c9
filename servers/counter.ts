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
}

/** Where a counter's events go: three verbs, which each framework spells in its own way. */
export interface EventSink {
  /**
   * Sends one event. `false` says that the client reads too slowly (then `drained` is awaited before the
   * next event when the interval is 0); a promise is awaited in its place; nothing says nothing.
   */
  send(data: string): unknown;
  /** Resolves when more can be sent after `send` returned `false`. */
  drained?(): Promise<unknown>;
  /** Ends the response. */
  end(): void;
}

const numbers = {
  interval: { min: 0, max: 2 ** 31 - 1, fallback: 1000 }, // the longest that a Node timer can wait
  limit: { min: 1, max: Number.MAX_SAFE_INTEGER, fallback: Infinity },
  bytes: { min: 0, max: 2 ** 20, fallback: 0 },
} as const;

/**
 * Reads the counter's options from a query.
 *
 * @returns the options, or as `problem` the sentence for a 400 answer, which names every bad parameter
 */
export function readOptions(
  query: Record<string, unknown>,
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
  const stamp = query.stamp;
  if (stamp !== undefined && stamp !== '' && stamp !== 'true') {
    problems.push(`stamp=${String(stamp)}: takes no value; leave it out for data without a stamp`);
  }
  const ticker = query.ticker;
  if (ticker !== undefined && ticker !== 'own' && ticker !== 'shared') problems.push(`ticker=${String(ticker)}: must be own or shared`);
  const options = {
    intervalMs: number('interval'),
    limit: number('limit'),
    bytes: number('bytes'),
    stamp: stamp !== undefined,
    sharesTicker: ticker === 'shared',
  };
  return problems.length === 0 ? { options } : { problem: `${problems.join('\n')}\n` };
}

/** The data of event `n`. */
export function eventData(n: number, { bytes, stamp }: Pick<CounterOptions, 'bytes' | 'stamp'>): string {
  return (stamp ? `${n} ${process.hrtime.bigint()}` : `${n}`).padEnd(bytes, '.');
}

const running = new Set<() => void>();

/**
 * Starts one stream's counter at 0.
 *
 * @returns stops it, without ending the response: to be called when the client has gone
 */
export function startCounter(options: CounterOptions, sink: EventSink): () => void {
  let next = 0;
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
    const sent = sink.send(eventData(next++, options));
    if (next >= options.limit) {
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
  if (options.intervalMs > 0) stopTicking = startTicking(options.intervalMs, options.sharesTicker, tick);
  else void flood();
  return stop;
}

/** Ends every stream of this process, as if each had reached its limit. */
export function endAllStreams(): void {
  for (const finish of running) finish();
}
