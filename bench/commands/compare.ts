/**
 * `ssebench compare`: compares two saved results in every metric that both have, and prints the
 * verdicts.
 */
import { existsSync } from 'node:fs';
import { jsonText } from '../report/shared/escape.ts';
import { comparisonCiTexts } from '../report/ci/texts.ts';
import { comparisonReport } from '../report/shared/results-comparison.ts';
import type { RunResult } from '../result/run-result.ts';
import { readResult } from '../report/read-result.ts';
import { unlessUnsaved } from '../result/exit-codes.ts';
import {
  accepted,
  complaintsOf,
  refused,
  visible,
  type Checked,
  type Mentions,
} from '../scenario/complaint.ts';
import { differences, pairsOf } from '../verdict/comparable.ts';
import {
  compareResults,
  outcomeOf,
  type NamedResult,
  type ResultsComparison,
} from '../verdict/comparison.ts';
import { exitCodeOfOutcome } from '../verdict/exit-code.ts';
import { findingsOf } from '../verdict/findings.ts';
import { baselineFolder, isBaselineName, readSaved } from './baseline.ts';
import { readCiFiles, writeForCi, type CiWords } from './ci-output.ts';
import { readFailOn } from './fail-on.ts';
import { BadInput, type Terminal } from './terminal.ts';

export interface CompareCommandWords extends CiWords {
  /** The two results: folders, files, or names of baselines. */
  names: readonly string[];
  failOn: Mentions;
  anyway: boolean;
  json: boolean;
  /** Complaints about words that look like options but are not. */
  complaints: readonly string[];
}

/**
 * @returns the exit code
 * @throws BadInput
 */
export function compareCommand(words: CompareCommandWords, terminal: Terminal): number {
  const { names, anyway, json, complaints } = words;
  const failOn = readFailOn(words.failOn);
  const files = readCiFiles(words, 'comparison');
  const [before, after] = names.map((name) => ({ name, read: readNamed(name) }));
  const unread = [before, after].flatMap((each) =>
    each ? complaintsOf(each.read).map((reason) => `${visible(each.name)}: ${reason}`) : [],
  );
  const all = [...complaints, ...aboutCount(names), ...unread, ...complaintsOf(failOn, files)];
  if (!before?.read.ok || !after?.read.ok || !failOn.ok || !files.ok || all.length > 0)
    throw new BadInput(all);
  const compared = compareNamed(
    { name: before.name, result: before.read.value },
    { name: after.name, result: after.read.value },
    { anyway, name: '--anyway' },
  );
  if (!compared.ok) throw new BadInput(compared.complaints);
  const comparison = compared.value;
  terminal.print(json ? jsonText(comparison) : comparisonReport(comparison, terminal));
  const texts = comparisonCiTexts(comparison, failOn.value, after.read.value.startedAt);
  const areWritten = writeForCi(files.value, texts, { json, what: 'verdicts' }, terminal);
  const outcome = outcomeOf(comparison.servers, failOn.value);
  return unlessUnsaved(exitCodeOfOutcome[outcome], areWritten);
}

/** The result in a folder, in a file, or of a baseline. */
export const readNamed = (name: string): Checked<RunResult> =>
  !existsSync(name) && isSaved(name) ? readSaved(name) : readResult(name);

/**
 * Compares two results, or states why they are not comparable.
 *
 * @param anyway whether to compare results measured under different conditions, and the name of
 * this option
 */
export function compareNamed(
  before: Omit<NamedResult, 'findings'>,
  after: Omit<NamedResult, 'findings'>,
  anyway: { anyway: boolean; name: string },
): Checked<ResultsComparison> {
  const baseline = { ...before, findings: findingsOf(before.result) };
  const candidate = { ...after, findings: findingsOf(after.result) };
  const differing = differences(baseline.result, candidate.result);
  if (differing.length > 0 && !anyway.anyway)
    return refused(
      ...differing.map((difference) => `${visible(candidate.name)}: differs in ${difference}`),
      `Measure both under the same conditions, or compare them with ${anyway.name}.`,
    );
  if (pairsOf(baseline.result, candidate.result).length === 0) {
    const [one, other] = [baseline, candidate].map(({ result }) => result.servers.join(', '));
    return refused(
      `${visible(candidate.name)}: shares no server with the baseline (${other}; baseline: ${one}); compare results with a common server, or with one server each`,
    );
  }
  return accepted(compareResults(baseline, candidate, differing));
}

function aboutCount(names: readonly string[]): string[] {
  const example = 'ssebench compare results/before results/after';
  if (names.length < 2)
    return [
      `compare: ${names.length === 0 ? 'no result' : 'only one result'} given; give a baseline and a candidate, such as ${example}`,
    ];
  return names
    .slice(2)
    .map(
      (name) =>
        `${visible(name)}: one result too many; give a baseline and a candidate, such as ${example}`,
    );
}

/** A name that contains no path can be that of a baseline. */
const isSaved = (name: string) => isBaselineName(name) && existsSync(baselineFolder(name));
