/**
 * Trials of one server: runs a mode in this process, or in its own network namespace if the mode
 * needs one.
 */
import { tryApart } from '../own-network/trial.ts';
import type { CheckOptions } from '../request/check-options.ts';
import { createCrowds } from '../crowd/crowds.ts';
import type { Examination } from '../round/examination.ts';
import { settleIn, unsettledIn } from './deferred.ts';
import { tryMode, type TryOptions } from './examine.ts';
import { certain, type Tried } from './mode-result.ts';
import type { InspectionKind } from '../../result/leak-result.ts';
import type { DisconnectMode } from '../../scenario/disconnect-modes.ts';
import { whyNoOwnNetwork } from '../own-network/network.ts';
import { skippedMode } from '../../result/leak-result.ts';
import { causeOf, ServerEnded } from '../checked-server/end.ts';
import { openCheckedServer } from '../checked-server/open.ts';
import type { ServerSpec } from '../checked-server/checked-server.ts';
import { machineTime } from '../../system/time.ts';
import { warmUp } from '../round/warm-up.ts';
import { unwatched } from './watch.ts';

export interface Trial extends Tried {
  /** The kind of inspection; if the server was not inspected, the strongest kind. */
  inspection: InspectionKind;
  /** Why no stronger kind was used. */
  why: string;
}

export interface TrialOptions extends TryOptions {
  /** Whether to use the probe; call `drop` before changing it. */
  trace: boolean;
}

export interface Trials {
  /** @throws if the server cannot be started, reached or requested, or if it ends */
  of(mode: DisconnectMode, options: TrialOptions): Promise<Trial>;
  /**
   * Waits until all findings on the running server are certain.
   *
   * @returns modes without a verdict, which must be repeated
   */
  settle(): Promise<DisconnectMode[]>;
  /** Modes whose findings are not certain yet. */
  unsettled(): DisconnectMode[];
  /** Observations of the first clients that are faults of the server. */
  unexpected(): string[];
  /** Ends the server. The next trial starts it again. */
  drop(): Promise<void>;
  /** Ends the server and the clients. */
  end(): Promise<void>;
}

/**
 * @param inOwnNetwork whether this process has its own network namespace, in which it may cut
 * connections
 */
export function createTrials(
  spec: ServerSpec,
  options: CheckOptions,
  signal: AbortSignal,
  inOwnNetwork: boolean,
): Trials {
  const crowds = createCrowds(signal);
  const known = new Map<string, number>();
  const unexpected = new Set<string>();
  let examination: Examination | undefined;
  let tried: readonly DisconnectMode[] = [];

  const drop = async () => {
    await examination?.server.stop();
    examination = undefined;
  };
  /** If the server ends meanwhile, that is the error. */
  async function whileRunning<Result>(
    { server }: Examination,
    result: Promise<Result>,
  ): Promise<Result> {
    try {
      return await Promise.race([result, server.ended]);
    } catch (error) {
      throw await causeOf(error as Error, server, tried, signal);
    }
  }
  async function here(mode: DisconnectMode, { trace, ...how }: TrialOptions): Promise<Trial> {
    // A reference server is known to work and needs no first request.
    const asksFirst = options.asksFirst && spec.kind !== 'reference';
    examination ??= await warmUp({
      server: await openCheckedServer(spec, { ...options, trace, signal }),
      crowds,
      options: { ...options, asksFirst },
      headersMs: 1,
      redirects: 0,
      hasSmallBuffers: inOwnNetwork,
      known,
      unexpected,
      time: machineTime,
      signal,
    });
    const { kind: inspection, why } = examination.server.inspection;
    tried = [mode];
    const trial = await whileRunning(examination, tryMode(examination, mode, how));
    return { inspection, why, ...trial };
  }
  /** @returns the trial, or why the mode cannot be tried there */
  async function elsewhere(
    mode: DisconnectMode,
    { trace, watch = unwatched }: TrialOptions,
  ): Promise<Trial | string> {
    const reason = whyNoOwnNetwork(spec, options.request);
    if (reason !== undefined) return reason;
    const answer = await tryApart(
      spec,
      { ...options, trace, modes: [mode], withinMs: undefined },
      signal,
      watch,
    );
    if ('impossible' in answer) return answer.impossible;
    for (const observation of answer.unexpected ?? []) unexpected.add(observation);
    if (answer.death) throw new ServerEnded(answer.endedEarly!, [mode]);
    const {
      inspection,
      why,
      modes: [found],
    } = answer;
    return { inspection, why, ...certain(found!) };
  }
  const skipped = (mode: DisconnectMode, reason: string): Trial => ({
    inspection: 'inspector',
    why: '',
    ...certain(skippedMode(mode, reason)),
  });

  return {
    async of(mode, how) {
      if (mode.watchesMemory && spec.kind === 'reference' && !spec.waitsForDrain)
        return skipped(mode, 'the server has no backpressure, so it cannot wait for slow readers');
      if (mode.when === 'when blocked' && options.request.socketPath !== null)
        return skipped(
          mode,
          'ssebench cannot see the buffers of a Unix socket, so it cannot know when the server is blocked; use the other modes',
        );
      if (mode.when === 'when blocked' && options.request.http2 !== null)
        return skipped(
          mode,
          'over HTTP/2, the window of a stream stops the server before its buffers are full; use the other modes',
        );
      if (mode.network === 'any' || inOwnNetwork) return here(mode, how);
      const trial = await elsewhere(mode, how);
      if (typeof trial !== 'string') return trial;
      return mode.network === 'cut' ? skipped(mode, trial) : here(mode, how);
    },
    async settle() {
      if (examination === undefined || unsettledIn(examination).length === 0) return [];
      return whileRunning(examination, settleIn(examination));
    },
    unexpected: () => [...unexpected],
    unsettled: () => (examination ? unsettledIn(examination) : []),
    drop,
    end: async () => void (await Promise.allSettled([drop(), crowds.end()])),
  };
}
