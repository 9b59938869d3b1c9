/**
 * Keeps an account of each stream of a load, and counts the outcome of each measured stream once.
 */
import type { Endings } from '../measure/endings.ts';
import type { Failure } from '../stream/answer.ts';
import { failureOf, type Occasion } from './judge.ts';
import {
  createKnowledge,
  type Knowledge,
  type KnowledgeOptions,
  type OpenedStream,
} from './known.ts';
import type { LoadTask } from './task.ts';

/** The outcome of a stream: closed by us without a failure, ended by the server, or failed. */
export type Outcome = 'stopped' | 'ended' | Failure;

export interface Accounts extends Omit<Knowledge, 'of'> {
  /** @returns the failure of a measured stream on this occasion; `undefined` if there is none */
  failureOf(
    stream: number,
    occasion: 'watch' | 'departure' | 'end',
    atNs: number,
    opened: OpenedStream | undefined,
  ): Failure | undefined;
  /** Counts a measured stream, unless it was counted before. */
  settle(stream: number, outcome: Outcome): void;
  /** Reports that the measurement ends earlier than planned. */
  endMeasuring(atNs: number): void;
  /** Whether the measurement has ended. */
  isOver(atNs: number): boolean;
}

export interface AccountsOptions extends KnowledgeOptions {
  task: Pick<LoadTask, 'intervalMs' | 'stallAfterMs' | 'keepsOwnPace' | 'window'>;
  endings: Pick<Endings, 'stopped' | 'ended' | 'failed'>;
}

export function createAccounts(options: AccountsOptions): Accounts {
  const { arrivals, task, endings } = options;
  const { of: knownOf, ...knowledge } = createKnowledge(options);
  const isSettled = new Uint8Array(arrivals.length);
  const plannedEndNs = task.window.disconnectAtNs;
  let endNs = plannedEndNs;
  const isMeasured = (stream: number) => arrivals[stream]!.cohort === 'paced';

  return {
    ...knowledge,
    failureOf(stream, occasion, atNs, opened) {
      const isCutShort = occasion === 'end' && atNs < endNs;
      if (!isMeasured(stream) || isCutShort) return undefined;
      const when: Occasion = occasion === 'end' && endNs < plannedEndNs ? 'early end' : occasion;
      return failureOf(knownOf(stream, Math.min(atNs, endNs), opened), when, task);
    },
    settle(stream, outcome) {
      if (!isMeasured(stream) || isSettled[stream] === 1) return;
      isSettled[stream] = 1;
      if (typeof outcome === 'string') endings[outcome]();
      else endings.failed(...outcome);
    },
    endMeasuring(atNs) {
      endNs = Math.min(endNs, atNs);
    },
    isOver: (atNs) => atNs > endNs,
  };
}
