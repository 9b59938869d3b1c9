/** What a check is told: how many streams, how they leave, how long the server may take. */
import type { InspectionKind } from '../result/leak-result.ts';
import type { DisconnectMode } from '../scenario/disconnect-modes.ts';

/** How a server is checked. Plain data, so that another process can do it. */
export interface CheckOptions {
  modes: readonly DisconnectMode[];
  /** In the smaller rounds; the larger ones have twice as many. */
  streams: number;
  /** Pairs of a smaller and a larger round. */
  rounds: number;
  /** How many events a client waits for, and for how long at most. */
  events: number;
  patienceMs: number;
  /** How long the server may take to let go. */
  deadlineMs: number;
  /** How long the whole check may take; as long as it needs where that is missing. */
  withinMs: number | undefined;
  /** What is still no leak. */
  maxLeakedPerDisconnect: number;
  /** Leaks with one of these in their description are left out. */
  ignore: readonly string[];
  /** Whether to trace timers to their creation from the beginning; else once a leak has no place of its own. */
  trace: boolean;
  /** The way to look that a person wants, if any; else the strongest. */
  look: InspectionKind | undefined;
  /** Whether a server of somebody's own is sent one request before all else. */
  asksFirst: boolean;
  headers: Record<string, string>;
  /** The body of a POST, as JSON. */
  body: unknown;
}
