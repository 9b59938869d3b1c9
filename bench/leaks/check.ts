/** Checks one server in every mode. Repeats a mode with the probe if that can find more. */
import { isTraceable } from '../result/held.ts';
import type { CheckResult, Leak, ModeResult } from '../result/leak-result.ts';
import type { CheckOptions } from './check-options.ts';
import type { DisconnectMode } from '../scenario/disconnect-modes.ts';
import { startsAgain, type ServerSpec } from './checked-server/checked-server.ts';
import { createTrials, type Trial } from './trials.ts';

/**
 * @param signal ends the check early; then `check` throws and reports nothing
 * @param onProgress called at the start of each mode
 * @param inOwnNetwork whether this process has its own network namespace, in which it may cut
 * connections
 * @throws if the server cannot be started, reached or requested
 */
export async function check(
  spec: ServerSpec,
  options: CheckOptions,
  signal: AbortSignal,
  onProgress: (mode: DisconnectMode, place: number) => void,
  inOwnNetwork = false,
): Promise<CheckResult> {
  const time = new AbortController();
  const timer =
    options.withinMs === undefined ? undefined : setTimeout(() => time.abort(), options.withinMs);
  const trials = createTrials(spec, options, AbortSignal.any([signal, time.signal]), inOwnNetwork);
  const again = startsAgain(spec);
  const tried = new Map<DisconnectMode, Trial>();
  const toRepeat: DisconnectMode[] = [];
  let { trace } = options;
  let needsLines = again && !trace;

  async function restart() {
    toRepeat.push(...(await trials.settle()));
    await trials.drop();
  }
  /** Repeats the mode with the probe. If that finds no leak, keeps the result without the probe. */
  async function traced(mode: DisconnectMode, trial: Trial): Promise<Trial> {
    needsLines = false;
    await restart();
    const withProbe = await trials.of(mode, { trace: true }).catch(() => signal.throwIfAborted());
    trace = withProbe !== undefined && withProbe.found.leaks.length > 0;
    if (trace) return withProbe!;
    await restart();
    return trial.lacksLine ? trials.of(mode, { trace }) : trial;
  }
  async function tryEach(modes: readonly DisconnectMode[], isCareful: boolean) {
    for (const mode of modes) {
      onProgress(mode, options.modes.indexOf(mode));
      const startedAt = performance.now();
      let trial = await trials.of(mode, { trace, needsLines, isCareful });
      if (needsLines && (trial.lacksLine || trial.found.leaks.some(isPlaceless)))
        trial = await traced(mode, trial);
      const tookMs = performance.now() - startedAt;
      tried.set(mode, { ...trial, found: { ...trial.found, tookMs } });
      // The server could release these leaks during a later mode, which would hide leaks of that
      // mode.
      if (trial.mayRelease && again) await restart();
    }
    toRepeat.push(...(await trials.settle()));
  }
  function result(endedEarly: string | null): CheckResult {
    const unsettled = endedEarly === null ? [] : [...toRepeat, ...trials.unsettled()];
    const finished = options.modes.flatMap((mode) => {
      const trial = tried.get(mode);
      return trial === undefined || unsettled.includes(mode) ? [] : [trial];
    });
    const last = finished.findLast(({ found }) => found.skipped === null);
    return {
      inspection: last?.inspection ?? 'inspector',
      why: last?.why ?? '',
      modes: finished.map(({ found }) => found),
      endedEarly,
    };
  }
  try {
    await tryEach(options.modes, false);
    await tryEach(toRepeat.splice(0), true);
    return result(null);
  } catch (error) {
    // Keep what was found before the time limit.
    const early = result((error as Error).message);
    if (!signal.aborted && time.signal.aborted)
      return { ...early, endedEarly: whyTooShort(options, early.modes) };
    if (signal.aborted || early.modes.length === 0) throw error;
    return early;
  } finally {
    clearTimeout(timer);
    await trials.end();
  }
}

function whyTooShort({ modes, withinMs }: CheckOptions, finished: readonly ModeResult[]): string {
  const left = modes.filter(({ name }) => !finished.some(({ mode }) => mode === name));
  return `the time limit of ${(withinMs! / 1000).toFixed(1)} s was reached; modes not finished: ${left.map(({ about }) => about).join(', ')}; allow more time, or choose fewer modes`;
}

const isPlaceless = ({ kind, place }: Leak) => place === undefined && isTraceable(kind);
