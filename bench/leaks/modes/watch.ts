/** Reports of a check while it runs. */
import { heldKey } from '../../result/held.ts';
import { findingsOf } from '../../result/leak-findings.ts';
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
   * A thing has leaked, and that is certain. Called once for each cause, as soon as it has missed
   * its deadline, and not for its consequences. It may be known later that it was released late.
   *
   * @param leaks all certain leaks of this mode, with the consequences
   */
  found?(cause: Leak, mode: DisconnectMode, leaks: readonly Leak[]): void;
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
  /** The things that are no consequences, as far as is known by now. */
  const causes = () =>
    findingsOf([...found].map(([{ name, about }, leaks]) => ({ mode: name, about, leaks })));
  return {
    of: (mode) => ({
      progress: (at) => watch.progress?.({ ...at, mode, place: modes.indexOf(mode) }),
      found(leaks) {
        found.set(mode, leaks);
        for (const key of causes().map(heldKey)) {
          const leak = leaks.find((each) => heldKey(each) === key);
          if (leak === undefined || reported.has(key)) continue;
          reported.add(key);
          watch.found?.(leak, mode, leaks);
        }
      },
    }),
    foundIn: (mode) => found.get(mode) ?? [],
  };
}

export const unwatched: ModeWatch = { progress: () => {}, found: () => {} };
