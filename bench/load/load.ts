/** Carries out a plan: opens each stream when it is due, watches for stalls, and leaves when told to. */
import type { Clock } from '../system/clock.ts';
import { createRecorder } from '../measure/recorder.ts';
import type { Recording } from '../result/recording.ts';
import { leaveAll, wayOutOf } from './disconnecting.ts';
import { observersOf } from './observers.ts';
import { createPace } from './pace.ts';
import { pace } from './pacer.ts';
import type { Cohort } from './arrival.ts';
import { planArrivals, shareOf } from './plan.ts';
import { createReconnecting } from './reconnecting.ts';
import {
  noWholeEvent,
  type OpenStream,
  type StreamObserver,
  type StreamRequest,
} from '../stream/stream.ts';
import type { LoadResult, LoadTask } from './task.ts';

const stallCheckMs = 500;
/** A stream that brought nothing for this long before the end of the measuring had stalled, though not for long enough to be given up. */
const silentMs = 1_000;
const silentIntervals = 5;
/** What else looks like a server that sends nothing: named, since it is the most common reason. */
const maybeBuffered = {
  headers:
    'the server may wait with its headers for the first event, or a proxy on the way may buffer the response',
  events: 'the server fell silent, or a proxy on the way buffers its events',
};
const unopened: OpenStream = {
  close: (_mode, left) => left?.(),
  pause() {},
  resume() {},
  strayBytes: () => undefined,
};

/** What the load takes from the world around it, so that tests can put time and streams of their own there. */
export interface LoadSurroundings {
  clock: Clock;
  open(request: StreamRequest, observer: StreamObserver): OpenStream;
}

export interface Load {
  /** Streams that are open now, events since the beginning, and what stamps told since this was last asked. */
  progress(): {
    open: number;
    events: number;
    loopDelayMs: number | null;
    deliveryMs: number | null;
  };
  endMeasuring(atNs: number): void;
  /** The measuring has ended, and what had arrived by now has been read. */
  caughtUp(): void;
  /**
   * Closes every open stream at once, and starts no more. Resolves when the system has been told of all of them, or where
   * this process is to be killed with them, at once.
   */
  disconnect(): Promise<{ recording: Recording; closedNs: LoadResult['closedNs'] }>;
}

export function startLoad(task: LoadTask, { clock, open }: LoadSurroundings): Load {
  const arrivals = shareOf(planArrivals(task.plan), task);
  const intendedNs = Float64Array.from(arrivals, ({ atMs }) => task.rampAtNs + atMs * 1e6);
  const recorder = createRecorder({ ...task, intendedNs });
  const paced = new URL(task.url);
  const urls: Record<Cohort, URL> = {
    paced,
    quiet: new URL(task.quietUrl),
    slow: paced,
    staying: new URL(task.stayingUrl),
  };
  const streams = new Map<number, OpenStream>();
  const lastReadNs = new Float64Array(arrivals.length);
  const hasHeaders = new Uint8Array(arrivals.length);
  /** When the first bytes of the body came; 0 before that. */
  const firstBodyNs = new Float64Array(arrivals.length);
  const ownPace = task.keepsOwnPace ? createPace(arrivals.length) : undefined;
  let endNs = task.window.disconnectAtNs;
  let started = 0;
  let events = 0;

  const reconnecting =
    task.cut === null
      ? undefined
      : createReconnecting({
          streams: arrivals.length,
          cut: task.cut,
          seed: task.plan.seed + task.generator,
          clock,
          reconnects: recorder.reconnects!,
          open: (stream, headers) => connect(stream, clock.nowNs(), headers),
        });
  const observers = observersOf({
    recorder,
    clock,
    slowBytesPerSecond: task.slowBytesPerSecond,
    streamAt: (stream) => streams.get(stream),
    onRead(stream, atNs, isHeaders) {
      lastReadNs[stream] = atNs;
      if (isHeaders) hasHeaders[stream] = 1;
      else {
        if (firstBodyNs[stream] === 0) firstBodyNs[stream] = atNs;
        ownPace?.read(stream, atNs);
      }
    },
    onEvent(stream) {
      events++;
      ownPace?.event(stream);
    },
    reconnecting,
  });

  /** A stream is over before its time. @returns whether it comes again */
  function lose(stream: number, cause: string, message: string): boolean {
    streams.delete(stream);
    return reconnecting?.lost(stream, hasHeaders[stream] === 1, cause, message) ?? false;
  }
  /** One whose end is also the end of its place among those that are open. */
  function observer(stream: number): StreamObserver {
    const observed = observers[arrivals[stream]!.cohort](stream);
    return {
      ...observed,
      ended() {
        if (!lose(stream, 'ended by the server', '')) observed.ended();
      },
      failed(cause, message) {
        if (!lose(stream, cause, message)) observed.failed(cause, message);
      },
    };
  }

  function start(stream: number) {
    const arrival = arrivals[stream]!;
    const atNs = clock.nowNs();
    if (arrival.cohort === 'paced') recorder.started(stream, atNs);
    if (arrival.leaveAtMs !== undefined)
      setTimeout(depart, Math.max(0, (task.rampAtNs - atNs) / 1e6 + arrival.leaveAtMs), stream);
    connect(stream, atNs);
  }

  function connect(stream: number, atNs: number, more: Record<string, string> = {}) {
    lastReadNs[stream] = atNs;
    hasHeaders[stream] = 0;
    firstBodyNs[stream] = 0;
    const request = {
      url: urls[arrivals[stream]!.cohort],
      headers: { ...task.headers, ...more },
      localAddress: task.localAddresses[stream % task.localAddresses.length],
    };
    streams.set(stream, unopened);
    const opened = open(request, observer(stream));
    if (streams.has(stream)) streams.set(stream, opened); // it may have failed at once
  }

  /** Its time is over; where it had no answer in all of it, and that was long enough for one, that is a failure. */
  function depart(stream: number) {
    const opened = streams.get(stream);
    // After the measuring all leave at once, and what they leave is looked at.
    if (!opened || clock.nowNs() > endNs) return;
    streams.delete(stream);
    const hadNoChance = (clock.nowNs() - lastReadNs[stream]!) / 1e6 < silentMs;
    opened.close(wayOutOf(task.disconnect));
    const stray = strayBytesOf(stream, opened, clock.nowNs());
    if (stray !== undefined) recorder.failed(noWholeEvent, stray);
    else if (hasHeaders[stream] || hadNoChance) recorder.stopped();
    else recorder.failed('no answer', `no response in its lifetime; ${maybeBuffered.headers}`);
  }

  let nextArrival: NodeJS.Timeout | undefined;
  function startThoseDue() {
    const { due, waitMs } = pace(arrivals, started, (clock.nowNs() - task.rampAtNs) / 1e6);
    for (const end = started + due; started < end; started++) start(started);
    if (waitMs !== undefined) nextArrival = setTimeout(startThoseDue, waitMs);
  }

  function failStalled() {
    const nowNs = clock.nowNs();
    if (nowNs > endNs) return; // the server is being looked into, which may take it a while
    const limitNs = nowNs - task.stallAfterMs * 1e6;
    for (const [stream, opened] of streams) {
      if (lastReadNs[stream]! > limitNs || arrivals[stream]!.cohort !== 'paced') continue;
      opened.close('fin');
      const seconds = task.stallAfterMs / 1000;
      const stray = strayBytesOf(stream, opened, nowNs);
      const silence: [string, string] = hasHeaders[stream]
        ? ['stalled', `nothing received for ${seconds} s; ${maybeBuffered.events}`]
        : ['no answer', `no response for ${seconds} s; ${maybeBuffered.headers}`];
      const trouble: [string, string] =
        stray === undefined
          ? silence
          : [noWholeEvent, `${stray}; nothing received for ${seconds} s`];
      streams.delete(stream);
      // Who tries to come again tries it anew; of a stream that is open a client would not notice.
      if (recorder.reconnects?.isAway(stream) && lose(stream, ...trouble)) continue;
      recorder.failed(...trouble);
    }
  }

  /** A stream that is still open at the end counts as stopped by us, or as failed where something was wrong with it. */
  function settleAccount(stream: number) {
    if (arrivals[stream]!.cohort !== 'paced') return;
    const trouble = troubleOf(stream, clock.nowNs());
    if (trouble) recorder.failed(...trouble);
    else recorder.stopped();
  }

  /** What came of a stream that has brought bytes for long enough, and never a whole event; in words. */
  function strayBytesOf(
    stream: number,
    opened: OpenStream | undefined,
    nowNs: number,
  ): string | undefined {
    const enoughMs = Math.max(silentMs, silentIntervals * (task.intervalMs ?? 0));
    const isNew = firstBodyNs[stream] === 0 || (nowNs - firstBodyNs[stream]!) / 1e6 < enoughMs;
    return isNew ? undefined : opened?.strayBytes();
  }

  /** What was wrong with a stream that is still open at the end, if anything. */
  function troubleOf(stream: number, nowNs: number): [cause: string, message: string] | undefined {
    if (nowNs < endNs) return undefined; // cut short: it had no chance
    if (recorder.reconnects?.isAway(stream)) {
      const isEarly = endNs < task.window.disconnectAtNs;
      return isEarly
        ? undefined
        : ['not back', 'cut, and had no event again by the end of the run'];
    }
    if (recorder.reconnects?.wasCut(stream) === false)
      return ['not cut', 'the server was told to end its streams, and did not end this one'];
    // Of those that come until the end, the last have not had their chance.
    const isNew =
      arrivals[stream]!.leaveAtMs !== undefined && (endNs - lastReadNs[stream]!) / 1e6 < silentMs;
    if (!hasHeaders[stream])
      return isNew
        ? undefined
        : ['no answer', `no response by the end of the run; ${maybeBuffered.headers}`];
    const stray = strayBytesOf(stream, streams.get(stream), endNs);
    if (stray !== undefined) return [noWholeEvent, stray];
    if (task.intervalMs === null) {
      const silence = ownPace?.silence(stream, endNs);
      return silence === undefined ? undefined : ['stalled', silence];
    }
    const silentForMs = (endNs - lastReadNs[stream]!) / 1e6;
    if (silentForMs < Math.max(silentMs, silentIntervals * task.intervalMs)) return undefined;
    return [
      'stalled',
      `nothing received in the last ${(silentForMs / 1000).toFixed(1)} s; ${maybeBuffered.events}`,
    ];
  }

  startThoseDue();
  const stallCheck = setInterval(failStalled, stallCheckMs);

  return {
    progress() {
      const { loopDelayNs, deliveryNs } = recorder.takeRecent();
      return {
        open: streams.size,
        events,
        loopDelayMs: loopDelayNs && loopDelayNs / 1e6,
        deliveryMs: deliveryNs && deliveryNs / 1e6,
      };
    },
    endMeasuring(atNs) {
      endNs = Math.min(endNs, atNs);
      clearTimeout(nextArrival); // who comes and goes comes no more
      recorder.endMeasuring(atNs);
    },
    caughtUp: () => recorder.caughtUp(),
    async disconnect() {
      clearTimeout(nextArrival);
      clearInterval(stallCheck);
      for (const stream of reconnecting?.stop() ?? []) settleAccount(stream);
      const closedNs = await leaveAll({
        arrivals,
        streams,
        mode: task.disconnect,
        clock,
        storm: recorder.storm,
        settle: settleAccount,
      });
      return { recording: recorder.recording(), closedNs };
    },
  };
}
