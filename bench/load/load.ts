/** Carries out a plan: opens each stream when it is due, watches for stalls, and leaves when told to. */
import type { Clock } from '../measure/clock.ts';
import { createRecorder, type Recording } from '../measure/recorder.ts';
import { pace } from './pacer.ts';
import { planArrivals, shareOf, type Arrival } from './plan.ts';
import type { OpenStream, StreamObserver, StreamRequest } from './stream.ts';
import type { LoadProgress, LoadResult, LoadTask } from './task.ts';

const stallCheckMs = 500;
const unopened: OpenStream = { close() {} };

/** What the load takes from the world around it, so that tests can put time and streams of their own there. */
export interface LoadSurroundings {
  clock: Clock;
  open(request: StreamRequest, observer: StreamObserver): OpenStream;
}

export interface Load {
  progress(): LoadProgress;
  /** Closes every open stream at once, and starts no more. */
  disconnect(): { recording: Recording; closedNs: LoadResult['closedNs'] };
}

export function startLoad(task: LoadTask, { clock, open }: LoadSurroundings): Load {
  const arrivals = shareOf(planArrivals(task.plan), task.generator, task.generators);
  const intendedNs = Float64Array.from(arrivals, ({ atMs }) => task.rampAtNs + atMs * 1e6);
  const recorder = createRecorder({ ...task, intendedNs });
  const requests = { paced: new URL(task.url), quiet: new URL(task.quietUrl) };
  const streams = new Map<number, OpenStream>();
  const lastReadNs = new Float64Array(arrivals.length);
  let started = 0;
  let events = 0;

  function observer(stream: number, { cohort }: Arrival): StreamObserver {
    const gone = (report: () => void) => {
      streams.delete(stream);
      report();
    };
    const final = {
      ended: () => gone(() => recorder.ended()),
      failed: (cause: string, message: string) => gone(() => recorder.failed(cause, message)),
    };
    if (cohort === 'quiet') {
      const failed = (cause: string, message: string) => final.failed(`${cause} (quiet stream)`, message);
      return { ...final, failed, headers() {}, read() {}, event() {}, comment() {} };
    }

    let atNs = 0; // all events of one read have arrived together
    return {
      ...final,
      headers() {
        atNs = lastReadNs[stream] = clock.nowNs();
        recorder.headers(stream, atNs);
      },
      read(bytes) {
        atNs = lastReadNs[stream] = clock.nowNs();
        recorder.read(bytes, atNs);
      },
      event(data) {
        events++;
        recorder.event(stream, data, atNs);
      },
      comment: () => recorder.comment(),
    };
  }

  function start(stream: number) {
    const arrival = arrivals[stream]!;
    const atNs = (lastReadNs[stream] = clock.nowNs());
    if (arrival.cohort === 'paced') recorder.started(stream, atNs);
    const request = {
      url: requests[arrival.cohort],
      headers: task.headers,
      localAddress: task.localAddresses[stream % task.localAddresses.length],
    };
    streams.set(stream, unopened);
    const opened = open(request, observer(stream, arrival));
    if (streams.has(stream)) streams.set(stream, opened); // it may have failed at once
  }

  let nextArrival: NodeJS.Timeout | undefined;
  function startThoseDue() {
    const { due, waitMs } = pace(arrivals, started, (clock.nowNs() - task.rampAtNs) / 1e6);
    for (const end = started + due; started < end; started++) start(started);
    if (waitMs !== undefined) nextArrival = setTimeout(startThoseDue, waitMs);
  }

  function failStalled() {
    const limitNs = clock.nowNs() - task.stallAfterMs * 1e6;
    for (const [stream, { close }] of streams) {
      if (lastReadNs[stream]! > limitNs || arrivals[stream]!.cohort === 'quiet') continue;
      close();
      streams.delete(stream);
      recorder.failed('stalled', `nothing received for ${task.stallAfterMs / 1000} s`);
    }
  }

  startThoseDue();
  const stallCheck = setInterval(failStalled, stallCheckMs);

  return {
    progress: () => ({ open: streams.size, events }),
    disconnect() {
      clearTimeout(nextArrival);
      clearInterval(stallCheck);
      const closedNs: { paced: number[]; quiet: number[] } = { paced: [], quiet: [] };
      for (const [stream, { close }] of streams) {
        const { cohort } = arrivals[stream]!;
        closedNs[cohort].push(clock.nowNs());
        close();
        if (cohort === 'paced') recorder.stopped();
      }
      streams.clear();
      return {
        recording: recorder.recording(),
        closedNs: { paced: Float64Array.from(closedNs.paced), quiet: Float64Array.from(closedNs.quiet) },
      };
    },
  };
}
