/** Checks one server in every mode, until the end, an error, a time limit or an interruption. */
import {
  skippedMode,
  type CheckResult,
  type Leak,
  type ModeResult,
} from '../result/leak-result.ts';
import type { CheckOptions } from './request/check-options.ts';
import type { DisconnectMode } from '../scenario/disconnect-modes.ts';
import { ServerEnded } from './checked-server/end.ts';
import { placeOfCrash } from './inspection/places.ts';
import { startsAgain, type ServerSpec } from './checked-server/checked-server.ts';
import { createModeSequence } from './modes/mode-sequence.ts';
import { createTrials } from './modes/trials.ts';
import { createReport, type CheckWatch } from './modes/watch.ts';

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
  const report = createReport(options.modes, watch);
  const mustTestAll = options.strict || options.areModesNamed;
  const again = startsAgain(spec);
  const sequence = createModeSequence(trials, options, { again, report, signal });

  /** The result until now, without findings that are not certain. */
  function result(endedEarly: string | null): CheckResult {
    const certain = sequence.certain();
    const last = options.modes
      .map((mode) => certain.get(mode))
      .findLast((trial) => trial?.found.skipped === null);
    return {
      inspection: last?.inspection ?? 'inspector',
      why: last?.why ?? '',
      modes: options.modes.flatMap(
        (mode) => certain.get(mode)?.found ?? partialResult(mode, report.foundIn(mode)),
      ),
      unexpected: trials.unexpected(),
      mustTestAll,
      endedEarly,
    };
  }
  try {
    await sequence.tryAll();
    return result(null);
  } catch (error) {
    const found = result((error as Error).message);
    if (error instanceof ServerEnded && error.during.length > 0)
      return { ...found, death: deathOf(error.message, error.during) };
    if (!signal.aborted && !time.signal.aborted) {
      if (found.modes.length === 0) throw error;
      return found;
    }
    const certain = sequence.certain();
    const left = options.modes.filter((mode) => !certain.has(mode));
    return { ...found, endedEarly: whyEarly(signal.aborted ? undefined : options.withinMs, left) };
  } finally {
    clearTimeout(timer);
    await trials.end();
  }
}

const deathOf = (
  output: string,
  modes: readonly DisconnectMode[],
): NonNullable<CheckResult['death']> => ({
  modes: modes.map(({ name }) => name),
  about: modes.map(({ about }) => about).join(' or '),
  place: placeOfCrash(output),
});

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
 * @param left modes that have not ended
 */
function whyEarly(withinMs: number | undefined, left: readonly DisconnectMode[]): string {
  const modes = `modes not finished: ${left.map(({ about }) => about).join(', ') || 'none'}`;
  return withinMs === undefined
    ? `the check was interrupted; ${modes}`
    : `the time limit of ${(withinMs / 1000).toFixed(1)} s was reached; ${modes}; allow more time, or choose fewer modes`;
}
