/**
 * A server with a process, as a round sees it: what ssebench can do with the process, and what it
 * measures there. It is the same for reference servers and for servers of the user.
 */
import type { Clock } from '../system/clock.ts';
import type { Exit } from '../system/launch.ts';
import type { TreeSample } from '../system/process-tree.ts';
import type { HeldMemory, HeldObjects } from './holdings.ts';
import type { FallibleServer } from './server-failure.ts';

/** The processes of a server, and what ssebench can do with them. */
export interface ServerProcess extends FallibleServer {
  /** For example `http://127.0.0.1:41234`. */
  origin: string;
  /** Tells a reference server to end all streams and to continue. */
  endStreams(): void;
  /**
   * Ends the process and starts it again on the same port.
   *
   * @param how SIGTERM lets the server end its streams, SIGKILL does not
   * @throws ServerFailure if it does not start again
   */
  restart(how: 'SIGTERM' | 'SIGKILL', signal: AbortSignal): Promise<void>;
  /**
   * Sends SIGTERM, and kills the process if it has not ended after `graceMs`.
   *
   * @param beforeKill called when the time is over, while the process still exists
   * @returns how it ended; no kind of end counts as a failure
   */
  shutDown(graceMs: number, beforeKill: () => void): Promise<ShutDown>;
  /**
   * Stops the process with SIGTERM, kills it if necessary, and waits until it has ended. A process
   * that ssebench did not start keeps running.
   */
  stop(): Promise<void>;
}

/** How a server ended after SIGTERM. */
export interface ShutDown extends Exit {
  /** From the signal to the end of its process, in milliseconds. */
  tookMs: number;
  /** Whether ssebench killed it because its time was over. */
  wasKilled: boolean;
  /** The last lines that each of its processes has written to stdout. */
  outputs: readonly (readonly string[])[];
}

/** The resources that its processes had used at one moment of the common clock. */
export type ServerSample = TreeSample & { atNs: number };

/** A server that is ready for load. */
export interface MeasuredServer {
  process: ServerProcess;
  /** How its processes are inspected, and why not through the inspector. */
  inspection: { inspection: 'inspector' | 'outside'; why: string };
  /** The memory before the load, after a garbage collection. */
  before: HeldMemory;
  /** CPU time and memory now; does not affect the server if there is a `/proc`. */
  sample(): Promise<ServerSample>;
  /** The open connections of a server of the user; absent for a reference server. */
  connections?(): number;
  /**
   * Call it while all streams are open. Collects garbage and begins to watch what the server holds
   * for them.
   */
  beginRelease(): Promise<HeldMemory>;
  /**
   * Call it when the streams are closed. Waits until the server has released everything, or the
   * time is over.
   */
  awaitRelease(): Promise<Released>;
}

/** The timers and sockets of closed streams: the held ones, and when the others were released. */
export interface Released {
  held: HeldObjects;
  /**
   * When it cleared the timers of the streams, ascending, on the common clock.
   *
   * @param everyMs the repeat time of these timers; `null` if it is unknown
   */
  clearedNs(everyMs: number | null): readonly number[];
}

/** Options of the start, the same for all servers of a run. */
export interface StartOptions {
  /** The cores of the server; `undefined` leaves the choice to the system. */
  cores: readonly number[] | undefined;
  /** How many processes a reference server has. */
  processes: number;
  clock: Clock;
  /** Stops waiting for the server. */
  signal: AbortSignal;
}
