/** The check of one server: every mode in turn, each tried again where more can be found out. */
import type { Leak } from '../verdict/leaks.ts';
import { tryApart } from './apart.ts';
import type { CheckOptions } from './check-options.ts';
import { createCrowds } from './crowd/crowds.ts';
import { tryMode, type Examination } from './examine.ts';
import type { LeaveMode } from './modes.ts';
import { whyNoOwnNetwork } from './network.ts';
import { skippedMode, type CheckResult, type ModeResult } from './result.ts';
import { causeOf, startsAgain, startSubject, type SubjectSpec } from './subject.ts';
import { warmUp } from './warm-up.ts';

/**
 * @param onProgress told which mode begins
 * @param inOwnNetwork whether this process has a network of its own, which it may cut
 * @throws where the server cannot be started, asked or reached
 */
export async function check(
  spec: SubjectSpec,
  options: CheckOptions,
  signal: AbortSignal,
  onProgress: (mode: LeaveMode, place: number) => void,
  inOwnNetwork = false,
): Promise<CheckResult> {
  const result: CheckResult = { look: 'inspector', why: '', modes: [], brokeOff: null };
  const crowds = createCrowds(signal);
  const again = startsAgain(spec);
  let { trace } = options;
  let examination: Examination | undefined;

  const drop = async () => {
    await examination?.subject.stop();
    examination = undefined;
  };
  async function tryHere(mode: LeaveMode): Promise<ModeResult> {
    examination ??= await warmUp({ subject: await startSubject(spec, { ...options, trace, signal }), crowds, options, headersMs: 1, baseline: undefined, signal });
    const { kind, why } = examination.subject.look;
    Object.assign(result, { look: kind, why });
    try {
      return await Promise.race([tryMode(examination, mode), examination.subject.ended]);
    } catch (error) {
      throw await causeOf(error as Error, examination.subject);
    }
  }
  async function tryElsewhere(mode: LeaveMode): Promise<ModeResult> {
    try {
      const { look, why, modes: [found] } = await tryApart(spec, { ...options, trace, modes: [mode] }, signal);
      Object.assign(result, { look, why });
      return found!;
    } catch (error) {
      signal.throwIfAborted();
      return skippedMode(mode, `in a network of its own: ${(error as Error).message}`);
    }
  }
  async function tryOnce(mode: LeaveMode): Promise<ModeResult> {
    if (mode.watchesMemory && spec.kind === 'reference' && !spec.waitsForDrain) return skippedMode(mode, 'it says of itself that it cannot wait for a slow reader');
    if (mode.network === 'any' || inOwnNetwork) return tryHere(mode);
    const reason = whyNoOwnNetwork(spec);
    if (reason === undefined) return tryElsewhere(mode);
    return mode.network === 'cut' ? skippedMode(mode, reason) : tryHere(mode);
  }
  try {
    for (const [place, mode] of options.modes.entries()) {
      onProgress(mode, place);
      let found = await tryOnce(mode);
      if (!trace && again && found.leaks.some(isPlaceless)) {
        trace = true;
        await drop();
        found = await tryOnce(mode);
      }
      result.modes.push(found);
      // What leaks here may be let go of later, which would hide what leaks there.
      if (found.leaks.length > 0 && again) await drop();
    }
    return result;
  } catch (error) {
    // What was found until then is not lost.
    if (signal.aborted || result.modes.length === 0) throw error;
    return { ...result, brokeOff: (error as Error).message };
  } finally {
    await Promise.allSettled([drop(), crowds.end()]);
  }
}

const isPlaceless = ({ kind, place }: Leak) => kind === 'timer' && place === undefined;
