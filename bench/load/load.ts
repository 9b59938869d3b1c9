/** Carries out a plan: opens each stream when it is due, gives up streams that stall, and disconnects all in the end. */
import { createRecorder } from '../measure/recorder.ts';
import type { Recording } from '../result/recording.ts';
import { createAccounts } from './accounts.ts';
import { createConnections, type LoadSurroundings } from './connections.ts';
import { leaveAll, streamCloseMethod } from './disconnecting.ts';
import { followPlan } from './follow-plan.ts';
import { planArrivals, shareOf } from './plan.ts';
import type { LoadResult, LoadTask } from './task.ts';

const stallCheckMs = 500;

export interface Load {
  /** Streams that are open now, events since the beginning, and what stamps showed since this was last asked. */
  progress(): {
    open: number;
    events: number;
    loopDelayMs: number | null;
    deliveryMs: number | null;
  };
  endMeasuring(atNs: number): void;
  /** The measurement has ended, and what had arrived by now has been read. */
  caughtUp(): void;
  /**
   * Closes every open stream at once, and starts no more. Resolves when the system has been told of all of them, or where
   * this process is to be killed with them, at once.
   */
  disconnect(): Promise<{ recording: Recording; closedNs: LoadResult['closedNs'] }>;
}

export function startLoad(task: LoadTask, surroundings: LoadSurroundings): Load {
  const parts = createParts(task, surroundings);
  const { clock, arrivals, recorder, accounts, connections } = parts;
  const startNoMore = followPlan({
    arrivals,
    rampAtNs: task.rampAtNs,
    clock,
    start(stream) {
      if (arrivals[stream]!.cohort === 'paced') recorder.started(stream, clock.nowNs());
      connections.connect(stream);
    },
    leave: (stream) => leave(stream, task, parts),
  });
  const stallCheck = setInterval(giveUpStalled, stallCheckMs, parts);

  return {
    progress() {
      const { loopDelayNs, deliveryNs } = recorder.takeRecent();
      return {
        open: connections.open.size,
        events: recorder.events(),
        loopDelayMs: loopDelayNs && loopDelayNs / 1e6,
        deliveryMs: deliveryNs && deliveryNs / 1e6,
      };
    },
    endMeasuring(atNs) {
      startNoMore(); // also of streams that come and go
      accounts.endMeasuring(atNs);
      recorder.endMeasuring(atNs);
    },
    caughtUp: () => recorder.caughtUp(),
    async disconnect() {
      startNoMore();
      clearInterval(stallCheck);
      for (const stream of connections.stop()) settleAtEnd(stream, parts);
      const closedNs = await leaveAll({
        arrivals,
        streams: connections.open,
        method: task.disconnect,
        clock,
        storm: recorder.storm,
        settle: (stream) => settleAtEnd(stream, parts),
      });
      return { recording: recorder.recording(), closedNs };
    },
  };
}

function createParts(task: LoadTask, surroundings: LoadSurroundings) {
  const arrivals = shareOf(planArrivals(task.plan), task);
  const intendedNs = Float64Array.from(arrivals, ({ atMs }) => task.rampAtNs + atMs * 1e6);
  const recorder = createRecorder({ ...task, intendedNs });
  const { reconnects } = recorder;
  const accounts = createAccounts({ arrivals, task, endings: recorder, reconnects });
  const connections = createConnections({ task, arrivals, recorder, accounts, surroundings });
  return { arrivals, recorder, accounts, connections, clock: surroundings.clock };
}
type Parts = ReturnType<typeof createParts>;

/** The lifetime of a stream is over. */
function leave(
  stream: number,
  { disconnect }: Pick<LoadTask, 'disconnect'>,
  { clock, accounts, connections }: Parts,
) {
  const opened = connections.open.get(stream);
  const nowNs = clock.nowNs();
  // After the measurement all disconnect at once, and what they leave is inspected.
  if (!opened || accounts.isOver(nowNs)) return;
  const failure = accounts.failureOf(stream, 'departure', nowNs, opened);
  connections.open.delete(stream);
  opened.close(streamCloseMethod(disconnect));
  accounts.settle(stream, failure ?? 'stopped');
}

function giveUpStalled({ clock, recorder, accounts, connections }: Parts) {
  const nowNs = clock.nowNs();
  if (accounts.isOver(nowNs)) return; // the server is being inspected, which may take a while
  for (const [stream, opened] of connections.open) {
    const failure = accounts.failureOf(stream, 'watch', nowNs, opened);
    if (!failure) continue;
    opened.close('fin');
    connections.open.delete(stream);
    // An attempt to reconnect is made anew; that an open stream is silent a client would not notice.
    if (recorder.reconnects?.isAway(stream) && connections.lose(stream, ...failure)) continue;
    accounts.settle(stream, failure);
  }
}

/** A stream that is still there at the end counts as stopped by us, or as failed if something is wrong with it. */
function settleAtEnd(stream: number, { clock, accounts, connections }: Parts) {
  const opened = connections.open.get(stream);
  accounts.settle(stream, accounts.failureOf(stream, 'end', clock.nowNs(), opened) ?? 'stopped');
}
