/**
 * Carries out a plan: opens each stream when it is due, gives up stalled streams, and disconnects
 * all at the end.
 */
import { createRecorder } from '../measure/recorder.ts';
import { wallOffsetNs } from '../system/wall-clock.ts';
import { createAccounts } from './accounts.ts';
import { createConnections, type LoadSurroundings } from './connections.ts';
import { disconnectAll, streamCloseMethod } from './disconnecting.ts';
import { followPlan } from './follow-plan.ts';
import { planArrivals, shareOf } from './plan.ts';
import type { LoadResult, LoadTask } from './task.ts';

const stallCheckMs = 500;

export interface Load {
  /** Open streams, events since the start, and what stamps showed since the last call. */
  progress(): {
    open: number;
    events: number;
    loopDelayMs: number | null;
    deliveryMs: number | null;
  };
  endMeasuring(atNs: number): void;
  /** Reports that the measurement has ended and all data that had arrived by then has been read. */
  caughtUp(): void;
  /**
   * Closes every open stream at once, and starts no other. Resolves when all
   * of them are closed on our side. If this process is about to be killed together with its streams, it
   * resolves at once.
   */
  disconnect(): Promise<Omit<LoadResult, 'health'>>;
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
    endLifetime: (stream) => endLifetime(stream, task, parts),
  });
  if (task.reconnect?.cut?.byClients) cutByClients(task.reconnect.cut.atNs, task, parts);
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
      startNoMore(); // also stops arrivals of streams with a limited lifetime
      accounts.endMeasuring(atNs);
      recorder.endMeasuring(atNs);
    },
    caughtUp: () => recorder.caughtUp(),
    async disconnect() {
      startNoMore();
      clearInterval(stallCheck);
      for (const stream of connections.stop()) settleAtEnd(stream, parts);
      const closedNs = await disconnectAll({
        arrivals,
        streams: connections.open,
        method: task.disconnect,
        clock,
        storm: recorder.storm,
        settle: (stream) => settleAtEnd(stream, parts),
      });
      return { recording: recorder.recording(), fanOut: recorder.fanOut(), closedNs };
    },
  };
}

function createParts(task: LoadTask, surroundings: LoadSurroundings) {
  const arrivals = shareOf(planArrivals(task.plan), task);
  const intendedNs = Float64Array.from(arrivals, ({ atMs }) => task.rampAtNs + atMs * 1e6);
  const { clock } = surroundings;
  const recorder = createRecorder({
    ...task,
    intendedNs,
    wallOffsetNs: () => wallOffsetNs(clock),
  });
  const { reconnects } = recorder;
  const accounts = createAccounts({ arrivals, task, endings: recorder, reconnects });
  const connections = createConnections({ task, arrivals, recorder, accounts, surroundings });
  return { arrivals, recorder, accounts, connections, clock };
}
type Parts = ReturnType<typeof createParts>;

/** Disconnects all measured streams at the planned moment, as the loss of a network does. */
function cutByClients(atNs: number, { disconnect }: Pick<LoadTask, 'disconnect'>, parts: Parts) {
  const { arrivals, clock, accounts, connections, recorder } = parts;
  function cut() {
    // A timer can fire a fraction of a millisecond early, and a stream that is lost before the
    // planned time does not reconnect.
    if (clock.nowNs() < atNs) return void setTimeout(cut, 1);
    for (const [stream, opened] of connections.open) {
      if (arrivals[stream]!.cohort !== 'paced' || !accounts.hasResponse(stream)) continue;
      connections.open.delete(stream);
      opened.close(streamCloseMethod(disconnect));
      recorder.over(stream, clock.nowNs());
      connections.lose(stream, 'disconnected by its client', '');
    }
  }
  setTimeout(cut, Math.max(0, (atNs - clock.nowNs()) / 1e6));
}

/** Ends a stream whose lifetime is over. */
function endLifetime(
  stream: number,
  { disconnect }: Pick<LoadTask, 'disconnect'>,
  { clock, accounts, connections, recorder }: Parts,
) {
  const nowNs = clock.nowNs();
  if (connections.giveUp(stream)) return accounts.settle(stream, 'stopped');
  const opened = connections.open.get(stream);
  // After the measurement all streams disconnect at once, and ssebench inspects what they leave
  // behind.
  if (!opened || accounts.isOver(nowNs)) return;
  const failure = accounts.failureOf(stream, 'departure', nowNs, opened);
  connections.open.delete(stream);
  opened.close(streamCloseMethod(disconnect));
  recorder.over(stream, nowNs);
  accounts.settle(stream, failure ?? 'stopped');
}

function giveUpStalled({ clock, recorder, accounts, connections }: Parts) {
  const nowNs = clock.nowNs();
  if (accounts.isOver(nowNs)) return; // the inspection of the server may take a while
  for (const [stream, opened] of connections.open) {
    const failure = accounts.failureOf(stream, 'watch', nowNs, opened);
    if (!failure) continue;
    opened.close('fin');
    connections.open.delete(stream);
    recorder.over(stream, nowNs);
    // A stalled attempt to reconnect is repeated. A stalled open stream is not: a real client would
    // not notice it.
    if (recorder.reconnects?.isDisconnected(stream) && connections.lose(stream, ...failure))
      continue;
    accounts.settle(stream, failure);
  }
}

/** A stream that is open at the end counts as stopped by us, or as failed if it has a failure. */
function settleAtEnd(stream: number, { clock, accounts, connections }: Parts) {
  const opened = connections.open.get(stream);
  accounts.settle(stream, accounts.failureOf(stream, 'end', clock.nowNs(), opened) ?? 'stopped');
}
