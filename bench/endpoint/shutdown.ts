/** The end of a server that the check started: SIGTERM while streams are open. */
import type { RequestOptions } from '../scenario/request-options.ts';
import { requestsOf } from '../stream/stream-request.ts';
import type { Exit } from '../system/launch.ts';
import type { OwnServerProcess } from '../under-test/own-process.ts';
import { openExchange, type OpenExchange } from './exchange.ts';
import { framesOf } from './frames.ts';
import { pause } from './pause.ts';

export interface ObservedShutdown extends StreamEnds {
  /** From SIGTERM to the end of the process, in milliseconds. */
  tookMs: number;
  /** Whether ssebench killed it because the grace period was over. */
  wasKilled: boolean;
  exit: Exit;
}

/** The ends of the streams that were open at SIGTERM, as numbers of streams. */
interface StreamEnds {
  /** The server ended the response. */
  ended: number;
  /** The connection broke before the end of the response. */
  cut: number;
  /** Ended or cut in the middle of an event. */
  inEvent: number;
  /** Still open when the process had ended, or when ssebench killed it. */
  open: number;
}

/** As long as Docker waits by default, and shorter than Kubernetes. */
export const usualGraceMs = 10_000;
const streamCount = 3;
const answersWithinMs = 2_000;
/** For the last bytes to arrive after the end of the process. */
const lastEndsMs = 500;

/** @returns `null` if the signal was aborted */
export async function observeShutdown(
  { url, request }: { url: string; request: RequestOptions },
  server: Pick<OwnServerProcess, 'shutDown'>,
  graceMs: number,
  signal: AbortSignal,
): Promise<ObservedShutdown | null> {
  const asked = requestsOf(url, request)(0);
  const startMs = performance.now();
  // Another method may have side effects, so it is sent only once more.
  const streams = Array.from({ length: asked.method === 'GET' ? streamCount : 1 }, () =>
    openExchange(asked, startMs),
  );
  const over = new Set<OpenExchange>();
  for (const stream of streams) void stream.over.then(() => over.add(stream));
  const aborted = untilAborted(signal);
  try {
    await Promise.race([
      Promise.all(streams.map(({ answered }) => answered)),
      pause(answersWithinMs),
      aborted,
    ]);
    if (signal.aborted) return null;
    const open = streams.filter((stream) => stream.soFar().status === 200 && !over.has(stream));
    let atKill: StreamEnds | undefined;
    const end = await Promise.race([
      server.shutDown(graceMs, () => (atKill = endsOf(open, over))),
      aborted,
    ]);
    if (end === undefined) return null;
    await Promise.race([Promise.all(open.map((stream) => stream.over)), pause(lastEndsMs)]);
    const { code, signal: by, tookMs, wasKilled } = end;
    return {
      ...(atKill ?? endsOf(open, over)),
      tookMs,
      wasKilled,
      exit: { code, signal: by },
    };
  } finally {
    for (const stream of streams) stream.close();
  }
}

/** Ignores streams that ssebench closed, because enough had arrived. */
function endsOf(streams: readonly OpenExchange[], over: ReadonlySet<OpenExchange>): StreamEnds {
  const ends: StreamEnds = { ended: 0, cut: 0, inEvent: 0, open: 0 };
  for (const stream of streams) {
    const { endedAfterMs, failure, reads } = stream.soFar();
    if (endedAfterMs !== null) ends.ended++;
    else if (failure !== null) ends.cut++;
    else if (!over.has(stream)) ends.open++;
    const isOver = endedAfterMs !== null || failure !== null;
    if (isOver && framesOf(reads, true).deviationCounts.unfinishedEvent !== undefined)
      ends.inEvent++;
  }
  return ends;
}

const untilAborted = (signal: AbortSignal): Promise<undefined> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
