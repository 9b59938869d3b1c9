/**
 * Options of a check: how many streams, how they disconnect, how long the server may take to
 * release them.
 */
import type { InspectionKind } from '../../result/leak-result.ts';
import type { RequestOptions } from '../../scenario/request-options.ts';
import type { DisconnectMode } from '../../scenario/disconnect-modes.ts';

/** The options are plain data, so that they can be sent to another process. */
export interface CheckOptions {
  modes: readonly DisconnectMode[];
  /** Whether these modes were named one by one. Such a mode must not be skipped. */
  areModesNamed: boolean;
  /** Whether everything fails that is otherwise only reported, such as a skipped mode. */
  strict: boolean;
  /** Streams in a smaller round; a larger round has twice as many. */
  streams: number;
  /** Number of round pairs, each with a smaller and a larger round. */
  rounds: number;
  /** Events that a client waits for, and the longest time it waits for them. */
  events: number;
  patienceMs: number;
  /** Whether `events` was given explicitly. Otherwise clients wait less if events are rare. */
  areEventsGiven: boolean;
  /** Time the server has to release everything after the clients disconnect. */
  deadlineMs: number;
  /** Time limit for the whole check; `undefined` means no limit. */
  withinMs: number | undefined;
  /** Largest number of leaks per disconnect that is tolerated. */
  maxLeakedPerDisconnect: number;
  /** A leak whose description contains one of these texts is left out. */
  ignore: readonly string[];
  /**
   * Whether to trace timers to their creation from the start. Otherwise tracing starts when a
   * leaking timer has no source line.
   */
  trace: boolean;
  /** The kind of inspection given explicitly; `undefined` selects the strongest available. */
  inspection: InspectionKind | undefined;
  /**
   * Whether to send a server that is not a reference server one request first, and then one as a
   * browser does.
   */
  asksFirst: boolean;
  /** How each client opens its stream. */
  request: RequestOptions;
  /**
   * Whether the method or the body was given explicitly. Every mode then sends this request.
   * Otherwise the mode `post` sends a POST with the body `{}`.
   */
  isMethodGiven: boolean;
}
