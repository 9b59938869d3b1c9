/**
 * The counter that every reference server sends: its options, and when its events are due. Each
 * server's framework decides how an event is sent (frame, headers, buffering).
 */
import { setImmediate } from 'node:timers/promises';
import { startTicking } from './ticker.ts';

/** Options of one stream's counter, read from the query of the request. */
export interface CounterOptions {
  /** Milliseconds between two events, and before the first. 0 means unlimited rate. */
  intervalMs: number;
  /** The server ends the stream after this many events. */
  limit: number;
  /** The data is padded with dots to this many bytes; longer data stays as it is. */
  bytes: number;
  /** Whether the data is `N STAMP`. The stamp is the sender's monotonic clock at sending, in ns. */
  stamp: boolean;
  /** Whether all streams of an interval share one timer. The first event comes at its next tick. */
  sharesTicker: boolean;
  /** Whether each event has its number as its id, so that clients can resume after a reconnect. */
  hasIds: boolean;
  /** Whether the process reports on exit how many events it sent on streams with this option. */
  isReported: boolean;
  /** The `retry` value sent to the client, in milliseconds; `null` sends none. */
  retryMs: number | null;
  /** The number of the first event: 0, or the one after the last event that the client received. */
  first: number;
}

/** The output of a counter. Each framework implements these methods in its own way. */
export interface EventSink {
  /**
   * Sends one event. If it returns `false`, the client reads too slowly: at interval 0 the counter
   * then awaits `drained`. A returned promise is awaited instead; `undefined` means unknown.
   *
   * @param fields lines to send before the data (`id: 5\n`), if the options require any; a server
   * that does not resume streams omits them
   */
  send(data: string, fields: string): unknown;
  /** Resolves when more can be sent after `send` has returned `false`. */
  drained?(): Promise<unknown>;
  /** Ends the response. */
  end(): void;
}

const numbers = {
  interval: { min: 0, max: 2 ** 31 - 1, fallback: 1000 }, // the longest delay of a Node timer
  limit: { min: 1, max: Number.MAX_SAFE_INTEGER, fallback: Infinity },
  bytes: { min: 0, max: 2 ** 20, fallback: 0 },
  retry: { min: 0, max: 2 ** 31 - 1, fallback: 0 },
} as const;

/**
 * Reads the counter's options from a query.
 *
 * @param lastEventId the request's header of that name, from a server that resumes streams
 * @returns the options, or `problem`: the text of a 400 answer, which names every bad parameter
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

/** The lines before the data of event `n`. Only the first event has a `retry`. */
function eventFields(
  n: number,
  { hasIds, retryMs, first }: Pick<CounterOptions, 'hasIds' | 'retryMs' | 'first'>,
): string {
  const retry = retryMs !== null && n === first ? `retry: ${retryMs}\n` : '';
  return hasIds ? `${retry}id: ${n}\n` : retry;
}

const running = new Set<() => void>();

/** Events handed to the framework on reported streams; `undefined` before the first of them. */
let reported: number | undefined;

function beginReport(): void {
  if (reported !== undefined) return;
  reported = 0;
  process.once('exit', () => console.log(`Events sent: ${reported}`));
}

/**
 * Starts one stream's counter.
 *
 * @returns a function that stops it without ending the response, for when the client disconnects
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
      // If sending is asynchronous, an end that overtakes it would cut off the last event.
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
      // Lets other streams run. A sink that returns `undefined` yields after every event.
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
