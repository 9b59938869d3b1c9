/** What travels between the command and a crowd of clients, which is a process of its own. */
import type { Causes } from '../../result/recording.ts';
import type { DisconnectMode } from '../../scenario/disconnect-modes.ts';

export interface CrowdTask {
  url: string;
  headers: Record<string, string>;
  /** The body of a POST, as JSON. */
  body: unknown;
  streams: number;
  /** They come evenly over this time. */
  overMs: number;
  leave: Pick<DisconnectMode, 'method' | 'when' | 'closeMethod'>;
  /** How many events a client waits for, and for how long at most. */
  events: number;
  patienceMs: number;
  /** How long an answer takes, where that is known: what is early, and what is late. */
  headersMs: number;
  /** The address that clients have; the system's choice where there is none. */
  localAddress?: string;
}

/** Whether clients stay until they are told to leave, or their process is killed. */
export const stays = ({ when, closeMethod }: CrowdTask['leave']): boolean =>
  when === 'when blocked' || closeMethod === 'kill';

/** What the clients saw. */
export interface CrowdReport {
  /** Clients that had headers of an event stream. */
  opened: number;
  /** Clients that had all the events that they waited for. */
  served: number;
  /** Events in all. */
  events: number;
  /** Clients whose stream the server ended. */
  ended: number;
  failures: Causes;
  /** Median time from the request to the headers; `null` where there were none. */
  headersMs: number | null;
  /** When those left who left by themselves, on the clock that all processes of a machine share, ascending. */
  leftNs: number[];
}

export type ToCrowd =
  /** To be answered when all have left; where they stay, when all have seen what they wait for. */
  | { type: 'visit'; task: CrowdTask }
  /** To be answered when all have left that stayed. */
  | { type: 'leave' };
