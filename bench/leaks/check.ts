/** Checks one server in every mode. Repeats a mode with the probe if that can find more. */
import type { Leak } from '../result/leak-result.ts';
import type { CheckOptions } from './check-options.ts';
import type { DisconnectMode } from '../scenario/disconnect-modes.ts';
import type { CheckResult } from '../result/leak-result.ts';
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
  const result: CheckResult = { inspection: 'inspector', why: '', modes: [], endedEarly: null };
  const time = new AbortController();
  const timer =
    options.withinMs === undefined ? undefined : setTimeout(() => time.abort(), options.withinMs);
  const trials = createTrials(spec, options, AbortSignal.any([signal, time.signal]), inOwnNetwork);
  const again = startsAgain(spec);
  let { trace } = options;
  let mayTrace = again && !trace;

  /** Repeats the mode with the probe. If that finds no leak, keeps the result without the probe. */
  async function traced(mode: DisconnectMode, trial: Trial): Promise<Trial> {
    mayTrace = false;
    await trials.drop();
    const withProbe = await trials.of(mode, true).catch(() => signal.throwIfAborted());
    trace = withProbe !== undefined && withProbe.found.leaks.length > 0;
    return trace ? withProbe! : trial;
  }
  try {
    for (const [place, mode] of options.modes.entries()) {
      onProgress(mode, place);
      const startedAt = performance.now();
      let trial = await trials.of(mode, trace);
      if (mayTrace && trial.found.leaks.some(isPlaceless)) trial = await traced(mode, trial);
      const { found, inspection, why } = trial;
      result.modes.push({ ...found, tookMs: performance.now() - startedAt });
      if (found.skipped === null) Object.assign(result, { inspection, why });
      // The server could release these leaks during a later mode, which would hide leaks of that
      // mode.
      if (found.leaks.length > 0 && again) await trials.drop();
    }
    return result;
  } catch (error) {
    // Keep what was found before the time limit.
    if (!signal.aborted && time.signal.aborted)
      return { ...result, endedEarly: whyTooShort(options, result.modes.length) };
    if (signal.aborted || result.modes.length === 0) throw error;
    return { ...result, endedEarly: (error as Error).message };
  } finally {
    clearTimeout(timer);
    await trials.end();
  }
}

/** @param tried number of finished modes */
function whyTooShort({ modes, withinMs }: CheckOptions, tried: number): string {
  const left = modes.slice(tried).map(({ about }) => about);
  return `the time limit of ${(withinMs! / 1000).toFixed(1)} s was reached; modes not finished: ${left.join(', ')}; allow more time, or choose fewer modes`;
}

const isPlaceless = ({ kind, place }: Leak) => kind === 'timer' && place === undefined;
