/** The open streams of a load: opens them, and reopens those whose clients reconnect. */
import type { Recorder } from '../measure/recorder.ts';
import { requestsOf, type StreamRequest } from '../stream/stream-request.ts';
import type { OpenStream, StreamObserver } from '../stream/stream.ts';
import type { Clock } from '../system/clock.ts';
import type { Accounts } from './accounts.ts';
import type { Arrival, Cohort } from './arrival.ts';
import { observersOf } from './observers.ts';
import { createReconnecting, type Reconnecting } from './reconnecting.ts';
import type { LoadTask } from './task.ts';

/** The dependencies of a load on its surroundings. Tests pass their own clock and streams. */
export interface LoadSurroundings {
  clock: Clock;
  open(request: StreamRequest, observer: StreamObserver): OpenStream;
}

export interface Connections {
  /** By stream index. */
  open: Map<number, OpenStream>;
  connect(stream: number): void;
  /** Reports that a stream is over too early. @returns whether it reconnects */
  lose(stream: number, cause: string, message: string): boolean;
  /** Stops the reconnects of a stream. @returns whether it was waiting to reconnect */
  giveUp(stream: number): boolean;
  /** Stops all reconnects from now on. @returns the streams that were waiting to reconnect */
  stop(): readonly number[];
}

export interface ConnectionsOptions {
  task: LoadTask;
  arrivals: readonly Arrival[];
  recorder: Recorder;
  accounts: Accounts;
  surroundings: LoadSurroundings;
}

const unopened: OpenStream = {
  close: (_way, left) => left?.(),
  pause() {},
  resume() {},
  isBehind: () => false,
  strayBytes: () => undefined,
};

export function createConnections(options: ConnectionsOptions): Connections {
  const { task, arrivals, recorder, accounts, surroundings } = options;
  const { clock } = surroundings;
  const open = new Map<number, OpenStream>();
  const requests = requestsByCohort(task);
  const reconnecting = reconnectingOf(options, connect);
  const observers = observersOf({
    lose,
    recorder,
    accounts,
    clock,
    slowBytesPerSecond: task.slowBytesPerSecond,
    streamAt: (stream) => open.get(stream),
    reconnecting,
  });

  function lose(stream: number, cause: string, message: string): boolean {
    if (open.delete(stream)) recorder.lost(stream, clock.nowNs());
    accounts.lost(stream);
    return reconnecting?.lost(stream, accounts.hasResponse(stream), cause, message) ?? false;
  }
  function connect(stream: number, more?: Record<string, string>) {
    accounts.connecting(stream, clock.nowNs());
    const { cohort, number } = arrivals[stream]!;
    const request = requests[cohort](number);
    const own = more ? { ...request, headers: { ...request.headers, ...more } } : request;
    open.set(stream, unopened);
    const opened = surroundings.open(own, observers[cohort](stream));
    if (open.has(stream)) open.set(stream, opened); // not if it failed at once
  }

  return {
    open,
    connect,
    lose,
    giveUp: (stream) => reconnecting?.giveUp(stream) ?? false,
    stop: () => reconnecting?.stop() ?? [],
  };
}

function requestsByCohort(task: LoadTask): Record<Cohort, (number: number) => StreamRequest> {
  const requests = (url: string) => requestsOf(url, task.request, task.localAddresses);
  const paced = requests(task.url);
  return {
    paced,
    slow: paced,
    quiet: requests(task.quietUrl),
    remaining: requests(task.remainingUrl),
  };
}

/** @returns `undefined` if clients do not reconnect */
function reconnectingOf(
  { task, arrivals, recorder: { reconnects }, surroundings: { clock } }: ConnectionsOptions,
  open: (stream: number, headers: Record<string, string>) => void,
): Reconnecting | undefined {
  if (task.reconnect === null || reconnects === undefined) return undefined;
  const seed = task.plan.seed + task.generator;
  return createReconnecting({
    streams: arrivals.length,
    task: task.reconnect,
    seed,
    clock,
    reconnects,
    open,
  });
}
