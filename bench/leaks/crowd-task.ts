/** What travels between the command and a crowd of clients, which is a process of its own. */
import type { FailureCount } from '../measure/recorder.ts';
import type { LeaveMode } from './modes.ts';

export interface CrowdTask {
  url: string;
  headers: Record<string, string>;
  /** The body of a POST, as JSON. */
  body: unknown;
  streams: number;
  leave: Pick<LeaveMode, 'method' | 'when' | 'how'>;
  /** How many events a client waits for, and for how long at most. */
  events: number;
  patienceMs: number;
  /** How long an answer takes, where that is known: what is early, and what is late. */
  headersMs: number;
}

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
  failures: Record<string, FailureCount>;
  /** Median time from the request to the headers; `null` where there were none. */
  headersMs: number | null;
}

export type FromCrowd =
  /** All have left; where they are to be killed, all have seen what they wait for. */
  { type: 'over'; report: CrowdReport };
