/** Baselines: results that are kept under a name, to compare later ones with. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Metric } from '../metrics/metric.ts';
import { primaryMetrics } from '../metrics/metrics.ts';
import type { RunResult } from '../result/run-result.ts';
import { readResult } from '../report/read-result.ts';
import { whyNoFileIn } from '../report/writable.ts';
import { optionAsTyped, visible, type Mentions } from '../scenario/complaint.ts';
import { differences, pairsOf } from '../verdict/comparable.ts';
import type { Target } from '../scenario/scenario.ts';
import { judgedFigures, type FailOn } from '../verdict/comparison.ts';
import { findingsOf, type Baseline, type Findings } from '../verdict/findings.ts';
import { leastRounds } from '../verdict/metric-comparison.ts';
import { whyNoFigure } from '../verdict/url-figures.ts';
import { BadInput } from './terminal.ts';

const baselines = join('results', 'baselines');

export const baselineFolder = (name: string): string => join(baselines, name);

/** No path, so that it stays in its folder. */
export const isBaselineName = (text: string): boolean => /^\w[\w.-]*$/.test(text);

/** @returns the name that was given to `--baseline` or its like, if one was, and what is wrong with it */
function readBaselineName(
  flag: string,
  mentions: Mentions,
): { name: string | undefined; complaints: string[] } {
  const complaints = mentions
    .filter((text) => text === true || !isBaselineName(text))
    .map(
      (text) =>
        `${optionAsTyped(flag, text)}: must be a name of letters, digits, dots and dashes, such as ${flag} main`,
    );
  const last = mentions.at(-1);
  return {
    name: complaints.length === 0 && typeof last === 'string' ? last : undefined,
    complaints,
  };
}

/** @returns what is saved under a name, or why it cannot be read, with the way to save it anew */
export const readSaved = (name: string): ReturnType<typeof readResult> =>
  readResult(baselineFolder(name), `measure it anew with --save-baseline ${name}`);

/** @returns the baseline, or what is wrong with it */
function loadBaseline(name: string): RunResult | { reason: string } {
  const read = readSaved(name);
  if (!('reason' in read) || existsSync(baselineFolder(name))) return read;
  const names =
    existsSync(baselines) && statSync(baselines).isDirectory() ? readdirSync(baselines) : [];
  const choice = names.length > 0 ? `choose from ${names.join(', ')}, or make it` : 'make it';
  return {
    reason: `there is no such baseline in ${baselines}; ${choice} with --save-baseline ${name}`,
  };
}

/**
 * The name under which the result is to be kept, where it can be.
 *
 * @param plan whether nothing is to change on disk
 */
export function readSaveBaseline(
  mentions: Mentions,
  plan: boolean,
): { name: string | undefined; complaints: string[] } {
  const { name, complaints } = readBaselineName('--save-baseline', mentions);
  const reason = name === undefined ? undefined : whyNoFileIn(baselineFolder(name), plan);
  if (reason !== undefined)
    complaints.push(
      `--save-baseline ${name}: ${baselineFolder(name!)} ${reason}; run it where results may be written`,
    );
  return { name, complaints };
}

/** The baseline that is named, and whether the other words make sense with it. */
export function readBaseline({
  baseline,
  failOn,
  anyway,
}: {
  baseline: Mentions;
  failOn: Mentions;
  anyway: boolean;
}): { name: string | undefined; result: RunResult | undefined; complaints: string[] } {
  const { name, complaints } = readBaselineName('--baseline', baseline);
  if (baseline.length === 0) {
    if (failOn.length > 0)
      complaints.push(
        `${optionAsTyped('--fail-on', failOn.at(-1)!)}: says something of a comparison only; add --baseline NAME`,
      );
    if (anyway)
      complaints.push('--anyway: says something of a comparison only; add --baseline NAME');
  }
  if (name === undefined) return { name, result: undefined, complaints };
  const read = loadBaseline(name);
  if (!('reason' in read)) return { name, result: read, complaints };
  return {
    name,
    result: undefined,
    complaints: [...complaints, `--baseline ${name}: ${read.reason}`],
  };
}

/**
 * Whether the comparison makes sense is known before anything is measured.
 *
 * @throws BadInput
 */
export function compareConditions(
  name: string,
  result: RunResult,
  { head, targets }: { head: RunResult; targets: readonly Target[] },
  anyway: boolean,
  failOn: FailOn | undefined,
): Baseline {
  const differing = differences(result, head);
  const complaints: string[] = [];
  if (differing.length > 0 && !anyway) {
    complaints.push(
      `--baseline ${name}: was not measured like this (${differing.join('; ')}); measure it alike, or compare them with --anyway`,
    );
  }
  if (pairsOf(result, head).length === 0)
    complaints.push(
      `--baseline ${name}: has none of these servers; measure some of ${result.targets.join(', ')}`,
    );
  const findings = findingsOf(result);
  const kept = Math.min(
    ...pairsOf(result, head).map(([server]) => roundsIn(findings, server).valid.length),
  );
  if (failOn !== undefined && kept < leastRounds) {
    complaints.push(
      `--fail-on ${failOn}: takes ${leastRounds} valid rounds, and the baseline has ${kept}; save it anew, with --rounds ${leastRounds} or more`,
    );
  }
  if (failOn !== undefined && head.scenario.rounds < leastRounds) {
    complaints.push(
      `--fail-on ${failOn}: takes ${leastRounds} rounds, and this run is to have ${head.scenario.rounds}; ask for --rounds ${leastRounds} or more`,
    );
  }
  if (failOn !== undefined)
    complaints.push(
      ...pairsOf(result, head).flatMap(([before, after]) =>
        whyNoVerdict(
          failOn,
          judgedFigures(result.scenario, roundsIn(findings, before)),
          roundsIn(findings, before).valid.length,
          targets.find((target) => target.name === after)!,
        ),
      ),
    );
  if (complaints.length > 0) throw new BadInput(complaints);
  return { name, result, findings, differences: differing };
}

const roundsIn = ({ servers }: Findings, name: string) =>
  servers.find(({ server }) => server === name)!;

/** A URL has few of the figures by which servers are judged, or none: a comparison that can come to nothing else is refused. */
function whyNoVerdict(
  failOn: FailOn,
  judged: readonly Metric[],
  kept: number,
  after: Target,
): string[] {
  const complain = (why: string) => [
    `--fail-on ${failOn}: ${visible(after.name)} ${why}; leave it out, and say what must hold with --expect, such as --expect 'ttfe.p99 < 500ms'`,
  ];
  if (judged.length === 0 && kept > 0)
    return complain(`cannot be judged, since the baseline has none of ${inWords(primaryMetrics)}`);
  if (after.kind === 'reference') return [];
  const lacking = judged.filter((metric) => whyNoFigure(metric, after) !== undefined);
  return lacking.length > 0
    ? complain(
        `cannot be judged by what the baseline has, since of a URL ${inWords(lacking)} cannot be seen`,
      )
    : [];
}

const inWords = (metrics: readonly Metric[]) => metrics.map(({ label }) => label).join(', ');
