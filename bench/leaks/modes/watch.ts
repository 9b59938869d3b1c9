/** Reports of a check while it runs. */
import { heldKey } from '../../result/held.ts';
import type { Leak } from '../../result/leak-result.ts';
import type { DisconnectMode } from '../../scenario/disconnect-modes.ts';

export interface CheckProgress {
  mode: DisconnectMode;
  /** Position among the modes of the check, from 0. */
  place: number;
  /** The rounds of this mode that have ended; 0 while the mode starts. */
  rounds: number;
  /** Whether the clients of these rounds are gone, and the check waits for a deadline. */
  isWaiting: boolean;
  /** How much more the server holds than before this mode; rates do not count. */
  held: number;
}

export interface CheckWatch {
  progress?(at: CheckProgress): void;
  /**
   * A thing has leaked, and that is certain. Called once for each thing, as soon as it has missed
   * its deadline. It may be known later that it was released late.
   */
  found?(leak: Leak, mode: DisconnectMode): void;
}

export type ModeProgress = Omit<CheckProgress, 'mode' | 'place'>;

/** Reports of one mode while it runs. */
export interface ModeWatch {
  progress(at: ModeProgress): void;
  found(leaks: readonly Leak[]): void;
}

/** Distributes reports of modes, and remembers their findings. */
export interface Report {
  of(mode: DisconnectMode): ModeWatch;
  /** The leaks of a mode that were certain before the check ended early. */
  foundIn(mode: DisconnectMode): readonly Leak[];
}

export function createReport(modes: readonly DisconnectMode[], watch: CheckWatch): Report {
  const found = new Map<DisconnectMode, readonly Leak[]>();
  const reported = new Set<string>();
  return {
    of: (mode) => ({
      progress: (at) => watch.progress?.({ ...at, mode, place: modes.indexOf(mode) }),
      found(leaks) {
        found.set(mode, leaks);
        for (const leak of leaks) {
          if (!reported.has(heldKey(leak))) watch.found?.(leak, mode);
          reported.add(heldKey(leak));
        }
      },
    }),
    foundIn: (mode) => found.get(mode) ?? [],
  };
}

export const unwatched: ModeWatch = { progress: () => {}, found: () => {} };
