/** Messages between the command and a crowd of clients, which runs in a separate process. */
import type { Causes } from '../../result/recording.ts';
import type { RequestOptions } from '../../scenario/request-options.ts';
import type { DisconnectMode } from '../../scenario/disconnect-modes.ts';

export interface CrowdTask {
  url: string;
  /** How each client opens its stream; its texts and the URL may contain templates. */
  request: RequestOptions;
  streams: number;
  /** The number of its first stream. No two streams of a check have the same. */
  firstStream: number;
  /** Time over which the clients connect, evenly spaced. */
  overMs: number;
  mode: Pick<DisconnectMode, 'method' | 'when' | 'closeMethod' | 'staysOpen'>;
  /** Events that a client waits for, and the longest time it waits for them. */
  events: number;
  patienceMs: number;
  /**
   * How long a client waits for more events after this moment, so that rare events do not take all
   * its patience; no limit if it is missing.
   */
  stay?: { after: 'headers' | 'first event'; ms: number };
  /** Expected time to headers. It defines early and late disconnects. */
  headersMs: number;
  /**
   * Redirects before the stream, as far as known. A client that does not wait for events disconnects
   * after them.
   */
  redirects: number;
  /** Local address of the clients; the system chooses one if it is missing. */
  localAddress?: string;
}

/** Whether clients stay until they are told to disconnect, or until their process is killed. */
export const staysConnected = ({ when, closeMethod, staysOpen }: CrowdTask['mode']): boolean =>
  when === 'when blocked' || closeMethod === 'kill' || staysOpen === true;

/** Observations of the clients. */
export interface CrowdReport {
  /** Clients that received the headers of an event stream. */
  opened: number;
  /** Clients that received all the events that they waited for, or that did not stay for them. */
  served: number;
  /** The clients among them that did not stay. */
  hurried: number;
  /** Events of all clients together. */
  events: number;
  /** Clients whose stream the server ended. */
  ended: number;
  failures: Causes;
  /** Median time from the request to the headers; `null` if there were none. */
  headersMs: number | null;
  /** The most redirects before a stream. */
  redirects: number;
  /**
   * Start of each disconnect of clients that disconnected by themselves, ascending, in nanoseconds
   * of the clock that all processes of a machine share.
   */
  disconnectedNs: number[];
}

export type ToCrowd =
  /**
   * Answered when all clients have disconnected, or, if they stay, when all have seen what they
   * wait for.
   */
  | { type: 'visit'; task: CrowdTask }
  /** Answered when all remaining clients have disconnected. */
  | { type: 'disconnect' };
