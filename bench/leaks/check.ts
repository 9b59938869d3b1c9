/** Checks one server in every mode. Repeats a mode with the probe if that can find more. */
import { isTraceable } from '../result/held.ts';
import {
  skippedMode,
  type CheckResult,
  type Leak,
  type ModeResult,
} from '../result/leak-result.ts';
import type { CheckOptions } from './check-options.ts';
import type { DisconnectMode } from '../scenario/disconnect-modes.ts';
import { startsAgain, type ServerSpec } from './checked-server/checked-server.ts';
import { createTrials, type Trial } from './trials.ts';
import { createReport, type CheckWatch } from './watch.ts';

/**
 * @param signal ends the check early; the result then has what was found before
 * @param inOwnNetwork whether this process has its own network namespace, in which it may cut
 * connections
 * @throws if the server cannot be started, reached or requested
 */
export async function check(
  spec: ServerSpec,
  options: CheckOptions,
  signal: AbortSignal,
  watch: CheckWatch,
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
  const report = createReport(options.modes, watch);

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
  async function tryEach(modes: readonly DisconnectMode[], isCareful: boolean) {
    for (const mode of modes) {
      const modeWatch = report.of(mode);
      modeWatch.progress({ rounds: 0, isWaiting: false, held: 0 });
      const startedAt = performance.now();
      let trial = await trials.of(mode, { trace, needsLines, isCareful, watch: modeWatch });
      if (needsLines && (trial.lacksLine || trial.found.leaks.some(isPlaceless)))
        trial = await traced(mode, trial);
      const tookMs = performance.now() - startedAt;
      if (!trials.unsettled().includes(mode)) modeWatch.found(trial.found.leaks);
      tried.set(mode, { ...trial, found: { ...trial.found, tookMs } });
      // The server could release these leaks during a later mode, which would hide leaks of that
      // mode.
      if (trial.mayRelease && again) await restart();
    }
    toRepeat.push(...(await trials.settle()));
  }
  /** The result until now, without findings that are not certain. */
  function result(endedEarly: string | null): CheckResult {
    const uncertain = endedEarly === null ? [] : [...toRepeat, ...trials.unsettled()];
    const trialOf = (mode: DisconnectMode) =>
      uncertain.includes(mode) ? undefined : tried.get(mode);
    const last = options.modes.map(trialOf).findLast((trial) => trial?.found.skipped === null);
    return {
      inspection: last?.inspection ?? 'inspector',
      why: last?.why ?? '',
      modes: options.modes.flatMap(
        (mode) => trialOf(mode)?.found ?? partialResult(mode, report.foundIn(mode)),
      ),
      endedEarly,
    };
  }
  try {
    await tryEach(options.modes, false);
    await tryEach(toRepeat.splice(0), true);
    return result(null);
  } catch (error) {
    const found = result((error as Error).message);
    if (!signal.aborted && !time.signal.aborted) {
      if (found.modes.length === 0) throw error;
      return found;
    }
    const finished = new Set(found.modes.map(({ mode }) => mode));
    const left = options.modes.filter(({ name }) => !finished.has(name));
    return { ...found, endedEarly: whyEarly(signal.aborted ? undefined : options.withinMs, left) };
  } finally {
    clearTimeout(timer);
    await trials.end();
  }
}

/** The result of a mode that has not ended: leaks that were certain before. */
const partialResult = (mode: DisconnectMode, leaks: readonly Leak[]): ModeResult[] =>
  leaks.length === 0
    ? []
    : [
        {
          ...skippedMode(mode, ''),
          skipped: null,
          disconnects: Math.max(...leaks.map(({ disconnects }) => disconnects)),
          leaks: [...leaks],
        },
      ];

/**
 * @param withinMs the time limit that was reached; `undefined` if the user ended the check
 * @param left modes without a result
 */
function whyEarly(withinMs: number | undefined, left: readonly DisconnectMode[]): string {
  const modes = `modes not finished: ${left.map(({ about }) => about).join(', ') || 'none'}`;
  return withinMs === undefined
    ? `the check was interrupted; ${modes}`
    : `the time limit of ${(withinMs / 1000).toFixed(1)} s was reached; ${modes}; allow more time, or choose fewer modes`;
}

const isPlaceless = ({ kind, place }: Leak) => place === undefined && isTraceable(kind);
