/** `compare`, the function. */
import { compareNamed, readNamed } from '../commands/compare.ts';
import { firstFault } from '../report/first-fault.ts';
import { comparisonCiTexts } from '../report/ci/texts.ts';
import { unlessUnsaved, type ExitCode } from '../result/exit-codes.ts';
import { runResultSchema, type RunResult } from '../result/run-result.ts';
import {
  accepted,
  BadInput,
  complaintsOf,
  refused,
  visible,
  whyUnknown,
  type Checked,
} from '../scenario/complaint.ts';
import {
  failOnWords,
  outcomeOf,
  type FailOn,
  type Outcome,
  type ResultsComparison,
} from '../verdict/comparison.ts';
import { exitCodeOfOutcome } from '../verdict/exit-code.ts';
import { readCiSettings, writeCiFiles } from './ci-files.ts';

/** Settings of `compare`. They match the options of `ssebench compare`. */
export interface CompareSettings {
  /** The verdict that fails: `worse`, or also `inconclusive` (default: none). */
  failOn?: FailOn;
  /** Whether to compare results although their conditions differ. */
  anyway?: boolean;
  /** Also writes the verdicts to this file, as JUnit XML. If that fails, the exit code is 1. */
  junit?: string;
  /** Also writes a summary to this file, as Markdown. If that fails, the exit code is 1. */
  markdown?: string;
}

/** The comparison, as `ssebench compare --json` prints it. */
export interface Comparison extends ResultsComparison {
  /** The outcome with `failOn`; `unjudged` is not a pass. */
  outcome: Outcome;
  /** The exit code of `ssebench compare`. */
  exitCode: ExitCode;
}

/** See `compare` of the package. */
export function compare(
  baseline: RunResult | string,
  candidate: RunResult | string,
  settings: CompareSettings = {},
): Comparison {
  const { failOn, anyway = false } = settings;
  const [before, after] = [resultOf('baseline', baseline), resultOf('candidate', candidate)];
  const files = readCiSettings(settings, 'comparison');
  const complaints = [...complaintsOf(before, after, files), ...whyNoSettings(settings)];
  if (!before.ok || !after.ok || !files.ok || complaints.length > 0) throw new BadInput(complaints);
  const compared = compareNamed(before.value, after.value, { anyway, name: 'anyway: true' });
  if (!compared.ok) throw new BadInput(compared.complaints);
  const outcome = outcomeOf(compared.value.servers, failOn);
  const texts = comparisonCiTexts(compared.value, failOn, after.value.result.startedAt);
  const areWritten = writeCiFiles(files.value, texts);
  const exitCode = unlessUnsaved(exitCodeOfOutcome[outcome], areWritten);
  return { ...compared.value, outcome, exitCode };
}

type Named = { name: string; result: RunResult };

/**
 * @param role how complaints name it
 * @internal
 */
export function resultOf(role: string, given: RunResult | string): Checked<Named> {
  if (typeof given !== 'string') {
    const fault = firstFault(runResultSchema, given);
    const name = (given as RunResult | null)?.name ?? role;
    return fault === undefined
      ? accepted({ name, result: given })
      : refused(
          `${role}: is not a result of ssebench (${fault.path}: ${fault.message}); give the result of run, or the folder of one`,
        );
  }
  const read = readNamed(given);
  return read.ok
    ? accepted({ name: given, result: read.value })
    : refused(...read.complaints.map((reason) => `${role} ${visible(given)}: ${reason}`));
}

/** Repeats the checks of the compiler for programs that are not type-checked. */
function whyNoSettings(settings: CompareSettings): string[] {
  const known = ['failOn', 'anyway', 'junit', 'markdown'];
  const { failOn, anyway } = settings;
  return [
    ...Object.keys(settings)
      .filter((name) => !known.includes(name))
      .map((name) => `${visible(name)}: ${whyUnknown('setting', name, known)}`),
    ...(failOn === undefined || failOnWords.includes(failOn)
      ? []
      : [`failOn ${visible(String(failOn))}: must be ${failOnWords.join(' or ')}`]),
    ...(['boolean', 'undefined'].includes(typeof anyway)
      ? []
      : [`anyway ${visible(String(anyway))}: must be true or false`]),
  ];
}
