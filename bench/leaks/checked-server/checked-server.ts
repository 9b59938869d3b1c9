/** A server of a leak check: the URL of its stream, and the inspection of what it holds. */
import type { InspectionKind } from '../../result/leak-result.ts';
import type { DisconnectMode } from '../../scenario/disconnect-modes.ts';
import type { OwnProcess } from '../../scenario/scenario.ts';
import type { Inspection } from '../inspection/inspection.ts';

/** Identifies the server to check. Plain data, so that it can be sent to another process. */
export type ServerSpec =
  /** A server that follows the contract of `servers/README.md`. */
  | { kind: 'reference'; file: string; waitsForDrain: boolean; processes?: number }
  /**
   * Any server that a command starts. ssebench inspects the process that listens on the URL's port.
   */
  | (Extract<OwnProcess, { kind: 'command' }> & {
      url: string;
      /** The Unix socket on which it listens, instead of the port of the URL. */
      socketPath?: string | null;
    })
  /** A running process. The check leaves it running and closes its inspector. */
  | { kind: 'process'; pid: number; url: string }
  /** A server in this process. */
  | { kind: 'own'; url: string };
export type SpecOf<Kind> = Extract<ServerSpec, { kind: Kind }>;

export interface CheckedServer {
  /**
   * URL of the stream. For clients that do not read, the URL of a stream that fills their buffers.
   */
  urlFor(mode: DisconnectMode): string;
  inspection: Inspection;
  /** Ends the inspection, and the server if we started it. */
  stop(): Promise<void>;
  /**
   * Rejects with the last output when the server ends by itself. Never settles if that cannot be
   * observed.
   */
  ended: Promise<never>;
  /**
   * @returns an error if one of the server's processes has ended, even if the command that started
   * it still runs
   */
  whyEnded(): Error | undefined;
}

export interface StartOptions {
  signal: AbortSignal;
  /** Whether to trace timers to their creation. */
  trace: boolean;
  /** The kind of inspection given explicitly; `undefined` selects the strongest available. */
  inspection: InspectionKind | undefined;
}

/**
 * Whether ssebench can restart the server, also with the probe that traces timers to their
 * creation.
 */
export const startsAgain = ({ kind }: ServerSpec): boolean =>
  kind === 'reference' || kind === 'command';

/** For servers whose end cannot be observed. */
export const never = new Promise<never>(() => {});
