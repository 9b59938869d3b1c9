/**
 * The order of the trials of a check. Repeats a mode with the probe if that can find more, and a
 * mode whose findings have turned out to be uncertain.
 */
import { isTraceable } from '../../result/held.ts';
import type { Leak } from '../../result/leak-result.ts';
import type { DisconnectMode } from '../../scenario/disconnect-modes.ts';
import type { CheckOptions } from '../request/check-options.ts';
import type { Trial, Trials } from './trials.ts';
import type { Report } from './watch.ts';

export interface ModeSequence {
  /** @throws if a trial does; `certain` then has the results of the trials before it */
  tryAll(): Promise<void>;
  /** The trials whose findings are certain by now, in the order of the modes. */
  certain(): ReadonlyMap<DisconnectMode, Trial>;
}

interface Surroundings {
  /** Whether the server can be started again. */
  again: boolean;
  report: Report;
  signal: AbortSignal;
}

export function createModeSequence(
  trials: Trials,
  { modes, trace: isTraced }: Pick<CheckOptions, 'modes' | 'trace'>,
  { again, report, signal }: Surroundings,
): ModeSequence {
  const tried = new Map<DisconnectMode, Trial>();
  const toRepeat: DisconnectMode[] = [];
  let trace = isTraced;
  let needsLines = again && !trace;

  async function restart() {
    toRepeat.push(...(await trials.settle()));
    await trials.drop();
  }
  /** Repeats the mode with the probe. If that finds no leak, keeps the result without the probe. */
  async function traced(mode: DisconnectMode, trial: Trial): Promise<Trial> {
    needsLines = false;
    await restart();
    const withProbe = await trials
      .of(mode, { trace: true, watch: report.of(mode) })
      .catch(() => signal.throwIfAborted());
    trace = withProbe !== undefined && withProbe.found.leaks.length > 0;
    if (trace) return withProbe!;
    await restart();
    return trial.lacksLine ? trials.of(mode, { trace, watch: report.of(mode) }) : trial;
  }
  async function tryEach(some: readonly DisconnectMode[], isCareful: boolean) {
    for (const mode of some) {
      const watch = report.of(mode);
      watch.progress({ rounds: 0, isWaiting: false, held: 0 });
      const startedAt = performance.now();
      let trial = await trials.of(mode, { trace, needsLines, isCareful, watch });
      if (needsLines && (trial.lacksLine || trial.found.leaks.some(isPlaceless)))
        trial = await traced(mode, trial);
      const tookMs = performance.now() - startedAt;
      if (!trials.unsettled().includes(mode)) watch.found(trial.found.leaks);
      tried.set(mode, { ...trial, found: { ...trial.found, tookMs } });
      // The server could release these leaks during a later mode, which would hide leaks of that
      // mode.
      if (trial.mayRelease && again) await restart();
    }
    toRepeat.push(...(await trials.settle()));
  }
  return {
    async tryAll() {
      await tryEach(modes, false);
      const repeated = toRepeat.splice(0);
      // Their findings are refuted, also if the check ends before they are repeated.
      for (const mode of repeated) tried.delete(mode);
      await tryEach(repeated, true);
    },
    certain() {
      const uncertain = new Set([...toRepeat, ...trials.unsettled()]);
      return new Map(
        modes.flatMap((mode) => {
          const trial = uncertain.has(mode) ? undefined : tried.get(mode);
          return trial ? [[mode, trial]] : [];
        }),
      );
    },
  };
}

const isPlaceless = ({ kind, place }: Leak) => place === undefined && isTraceable(kind);
