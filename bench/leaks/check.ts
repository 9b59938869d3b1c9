/** The check of one server: every mode in turn, each tried again where more can be found out. */
import type { Leak } from '../verdict/leaks.ts';
import type { CheckOptions } from './check-options.ts';
import type { DisconnectMode } from '../scenario/disconnect-modes.ts';
import type { CheckResult } from '../result/leak-result.ts';
import { startsAgain, type SubjectSpec } from './server-under-test.ts';
import { createTrials, type Trial } from './trials.ts';

/**
 * @param signal asks for an early end, and then nothing is reported
 * @param onProgress told which mode begins
 * @param inOwnNetwork whether this process has a network of its own, which it may cut
 * @throws where the server cannot be started, asked or reached
 */
export async function check(
  spec: SubjectSpec,
  options: CheckOptions,
  signal: AbortSignal,
  onProgress: (mode: DisconnectMode, place: number) => void,
  inOwnNetwork = false,
): Promise<CheckResult> {
  const result: CheckResult = { look: 'inspector', why: '', modes: [], brokeOff: null };
  const time = new AbortController();
  const timer =
    options.withinMs === undefined ? undefined : setTimeout(() => time.abort(), options.withinMs);
  const trials = createTrials(spec, options, AbortSignal.any([signal, time.signal]), inOwnNetwork);
  const again = startsAgain(spec);
  let { trace } = options;
  let mayTrace = again && !trace;

  /** Once more, with the probe; where that says less, what was found without. */
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
      let trial = await trials.of(mode, trace);
      if (mayTrace && trial.found.leaks.some(isPlaceless)) trial = await traced(mode, trial);
      const { found, look, why } = trial;
      result.modes.push(found);
      if (found.skipped === null) Object.assign(result, { look, why });
      // What leaks here may be let go of later, which would hide what leaks there.
      if (found.leaks.length > 0 && again) await trials.drop();
    }
    return result;
  } catch (error) {
    // What was found until then is not lost.
    if (!signal.aborted && time.signal.aborted)
      return { ...result, brokeOff: whyTooShort(options, result.modes.length) };
    if (signal.aborted || result.modes.length === 0) throw error;
    return { ...result, brokeOff: (error as Error).message };
  } finally {
    clearTimeout(timer);
    await trials.end();
  }
}

/** @param tried how many modes were */
function whyTooShort({ modes, withinMs }: CheckOptions, tried: number): string {
  const left = modes.slice(tried).map(({ about }) => about);
  return `the check may take ${(withinMs! / 1000).toFixed(1)} s, and was not finished by then; not tried to the end: ${left.join(', ')}; give it more time, or fewer modes`;
}

const isPlaceless = ({ kind, place }: Leak) => kind === 'timer' && place === undefined;
