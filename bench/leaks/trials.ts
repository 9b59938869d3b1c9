/**
 * Trials of one server: runs a mode in this process, or in its own network namespace if the mode
 * needs one.
 */
import { tryApart } from './own-network/trial.ts';
import type { CheckOptions } from './check-options.ts';
import { createCrowds } from './crowd/crowds.ts';
import type { Examination } from './examination.ts';
import { tryMode } from './examine.ts';
import type { InspectionKind } from '../result/leak-result.ts';
import type { DisconnectMode } from '../scenario/disconnect-modes.ts';
import { whyNoOwnNetwork } from './own-network/network.ts';
import { skippedMode, type ModeResult } from '../result/leak-result.ts';
import { causeOf } from './checked-server/end.ts';
import { openCheckedServer } from './checked-server/open.ts';
import type { ServerSpec } from './checked-server/checked-server.ts';
import { machineTime } from '../system/time.ts';
import { warmUp } from './warm-up.ts';

export interface Trial {
  found: ModeResult;
  /** The kind of inspection; if the server was not inspected, the strongest kind. */
  inspection: InspectionKind;
  /** Why no stronger kind was used. */
  why: string;
}

export interface Trials {
  /**
   * @param trace whether to use the probe; call `drop` before changing it
   * @throws if the server cannot be started, reached or requested, or if it ends
   */
  of(mode: DisconnectMode, trace: boolean): Promise<Trial>;
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
  let examination: Examination | undefined;

  const drop = async () => {
    await examination?.server.stop();
    examination = undefined;
  };
  async function here(mode: DisconnectMode, trace: boolean): Promise<Trial> {
    // A reference server is known to work and needs no first request.
    const trialOptions = { ...options, asksFirst: options.asksFirst && spec.kind !== 'reference' };
    examination ??= await warmUp({
      server: await openCheckedServer(spec, { ...options, trace, signal }),
      crowds,
      options: trialOptions,
      headersMs: 1,
      redirects: 0,
      time: machineTime,
      signal,
    });
    const {
      inspection: { kind: inspection, why },
      ended,
    } = examination.server;
    try {
      return { inspection, why, found: await Promise.race([tryMode(examination, mode), ended]) };
    } catch (error) {
      throw await causeOf(error as Error, examination.server, signal);
    }
  }
  /** @returns the trial, or why the mode cannot be tried there */
  async function elsewhere(mode: DisconnectMode, trace: boolean): Promise<Trial | string> {
    const reason = whyNoOwnNetwork(spec, options.request);
    if (reason !== undefined) return reason;
    const answer = await tryApart(
      spec,
      { ...options, trace, modes: [mode], withinMs: undefined },
      signal,
    );
    if ('impossible' in answer) return answer.impossible;
    const {
      inspection,
      why,
      modes: [found],
    } = answer;
    return { inspection, why, found: found! };
  }
  const skipped = (mode: DisconnectMode, reason: string): Trial => ({
    inspection: 'inspector',
    why: '',
    found: skippedMode(mode, reason),
  });

  return {
    async of(mode, trace) {
      if (mode.watchesMemory && spec.kind === 'reference' && !spec.waitsForDrain)
        return skipped(mode, 'the server has no backpressure, so it cannot wait for slow readers');
      if (mode.when === 'when blocked' && options.request.socketPath !== null)
        return skipped(
          mode,
          'ssebench cannot see the buffers of a Unix socket, so it cannot know when the server is blocked; use the other modes',
        );
      if (mode.network === 'any' || inOwnNetwork) return here(mode, trace);
      const trial = await elsewhere(mode, trace);
      if (typeof trial !== 'string') return trial;
      return mode.network === 'cut' ? skipped(mode, trial) : here(mode, trace);
    },
    drop,
    end: async () => void (await Promise.allSettled([drop(), crowds.end()])),
  };
}
