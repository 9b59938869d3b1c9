/** Baselines: results saved under a name, for comparison with later results. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Metric } from '../metrics/metric.ts';
import type { ServerRounds } from '../metrics/server-rounds.ts';
import type { RunResult } from '../result/run-result.ts';
import { readResult } from '../report/read-result.ts';
import { whyNoFileIn } from '../report/writable.ts';
import {
  accepted,
  readMentions,
  refused,
  visible,
  type Checked,
  type Mentions,
} from '../scenario/complaint.ts';
import { differences, pairsOf } from '../verdict/comparable.ts';
import type { ServerUnderTest } from '../scenario/scenario.ts';
import type { FailOn } from '../verdict/comparison.ts';
import { findingsOf, type Baseline, type Findings } from '../verdict/findings.ts';
import { judgedFor } from '../verdict/judged.ts';
import { leastRounds } from '../verdict/metric-comparison.ts';
import { whyNoFigure } from '../verdict/url-figures.ts';

const baselines = join('results', 'baselines');

export const baselineFolder = (name: string): string => join(baselines, name);

/** Allows no path separator, so that the name stays in the folder of baselines. */
export const isBaselineName = (text: string): boolean => /^\w[\w.-]*$/.test(text);

/** @returns the name given to `--baseline` or `--save-baseline`, if any */
const readBaselineName = (flag: string, mentions: Mentions): Checked<string | undefined> =>
  readMentions(flag, mentions, (text) =>
    isBaselineName(text)
      ? accepted(text)
      : refused(`must be a name of letters, digits, dots and dashes, such as ${flag} main`),
  );

/** @returns the result saved under a name, or why it cannot be read and how to save it again */
export const readSaved = (name: string): ReturnType<typeof readResult> =>
  readResult(baselineFolder(name), `measure it again with --save-baseline ${name}`);

function loadBaseline(name: string): Checked<RunResult> {
  const read = readSaved(name);
  if (read.ok || existsSync(baselineFolder(name))) return read;
  const names =
    existsSync(baselines) && statSync(baselines).isDirectory() ? readdirSync(baselines) : [];
  const choice = names.length > 0 ? `choose from ${names.join(', ')}, or create it` : 'create it';
  return refused(`no such baseline in ${baselines}; ${choice} with --save-baseline ${name}`);
}

/**
 * The name for saving the result, if the result can be saved there.
 *
 * @param plan whether nothing may change on disk
 */
export function readSaveBaseline(mentions: Mentions, plan: boolean): Checked<string | undefined> {
  const read = readBaselineName('--save-baseline', mentions);
  if (!read.ok || read.value === undefined) return read;
  const folder = baselineFolder(read.value);
  const reason = whyNoFileIn(folder, plan);
  return reason === undefined
    ? read
    : refused(
        `--save-baseline ${read.value}: ${folder} ${reason}; run ssebench in a folder where it may write`,
      );
}

/** A result saved under a name. */
export type SavedBaseline = Pick<Baseline, 'name' | 'result'>;

/**
 * The baseline given by name, if any, or complaints about it and about options that conflict with
 * it.
 */
export function readBaseline({
  baseline,
  anyway,
}: {
  baseline: Mentions;
  anyway: boolean;
}): Checked<SavedBaseline | undefined> {
  const name = readBaselineName('--baseline', baseline);
  if (!name.ok) return name;
  if (name.value === undefined)
    return anyway
      ? refused(
          '--anyway: has no effect without --baseline; add --baseline <name>, or leave it out',
        )
      : accepted(undefined);
  const read = loadBaseline(name.value);
  return read.ok
    ? accepted({ name: name.value, result: read.value })
    : refused(...read.complaints.map((reason) => `--baseline ${name.value}: ${reason}`));
}

/** Checks, before anything is measured, that the comparison makes sense. */
export function compareConditions(
  { name, result }: SavedBaseline,
  { head, serversUnderTest }: { head: RunResult; serversUnderTest: readonly ServerUnderTest[] },
  anyway: boolean,
  failOn: FailOn | undefined,
): Checked<Baseline> {
  const differing = differences(result, head);
  const complaints: string[] = [];
  if (differing.length > 0 && !anyway) {
    complaints.push(
      `--baseline ${name}: was measured under other conditions (${differing.join('; ')}); repeat it under these, or compare with --anyway`,
    );
  }
  if (pairsOf(result, head).length === 0)
    complaints.push(
      `--baseline ${name}: has none of these servers; measure one of ${result.servers.join(', ')}`,
    );
  const findings = findingsOf(result);
  const kept = Math.min(
    ...pairsOf(result, head).map(([server]) => roundsIn(findings, server).valid.length),
  );
  if (failOn !== undefined && kept < leastRounds) {
    complaints.push(
      `--fail-on ${failOn}: needs ${leastRounds} valid rounds, but the baseline has ${kept}; save it again with --rounds ${leastRounds} or more`,
    );
  }
  if (failOn !== undefined && head.scenario.rounds < leastRounds) {
    complaints.push(
      `--fail-on ${failOn}: needs ${leastRounds} rounds, but this run has ${head.scenario.rounds}; use --rounds ${leastRounds} or more`,
    );
  }
  if (failOn !== undefined)
    complaints.push(
      ...pairsOf(result, head).flatMap(([before, after]) =>
        whyNoVerdict(
          failOn,
          result.scenario,
          roundsIn(findings, before),
          serversUnderTest.find((serverUnderTest) => serverUnderTest.name === after)!,
        ),
      ),
    );
  return complaints.length > 0
    ? refused(...complaints)
    : accepted({ name, result, findings, differences: differing });
}

const roundsIn = ({ servers }: Findings, name: string) =>
  servers.find(({ server }) => server === name)!;

/** A comparison that could not reach a full verdict is refused. */
function whyNoVerdict(
  failOn: FailOn,
  scenario: RunResult['scenario'],
  before: ServerRounds,
  after: ServerUnderTest,
): string[] {
  const isOutside = after.kind === 'url' && after.process === null;
  const judged = judgedFor(scenario, before, undefined, isOutside);
  const known = judged.filter((metric) => before.over(metric) !== undefined);
  const complain = (why: string) => [
    `--fail-on ${failOn}: ${visible(after.name)} ${why}; leave it out, and set limits with --expect, such as --expect 'ttfe.p99 < 500ms'`,
  ];
  if (known.length === 0 && before.valid.length > 0)
    return complain(`cannot be judged, because the baseline has none of ${inWords(judged)}`);
  if (after.kind === 'reference') return [];
  const lacking = known.filter((metric) => whyNoFigure(metric, after) !== undefined);
  return lacking.length > 0
    ? complain(
        `cannot be compared with the baseline, because ssebench cannot measure ${inWords(lacking)} of this server`,
      )
    : [];
}

const inWords = (metrics: readonly Metric[]) => metrics.map(({ label }) => label).join(', ');
