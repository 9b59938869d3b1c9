/** Sentences on servers and rounds that a comparison does not judge. Pure. */
import type { ResultsComparison, ServerComparison } from '../../verdict/comparison.ts';
import { leastRounds } from '../../verdict/metric-comparison.ts';
import { excludedOf, gapOf, type Gap, type Role } from '../shared/comparison-gaps.ts';
import { namesOf, othersToo } from './case.ts';

/** Says how to close a gap. */
type Remedy = (gap: Gap, comparison: ServerComparison) => string[];

const ifTooFew = ({ lost }: ServerComparison) =>
  lost.length > 0 ? ['If it has too few samples, use a longer --duration.'] : [];

/** The rounds that a side needs if as many are left out again. */
const roundsFor = (comparison: ServerComparison, role: Role): number => {
  const { invalidRounds, failedRounds } = comparison[role];
  return leastRounds + (comparison[role].rounds > 0 ? invalidRounds + failedRounds : 0);
};

/** For servers without a valid round, an earlier statement has the cause. */
export const withinRun: Remedy = ({ short }, comparison) => {
  const some = short.filter((role) => comparison[role].rounds > 0);
  const most = Math.max(...some.map((role) => roundsFor(comparison, role)));
  return [
    ...(some.length > 0 && some.length === short.length ? [`Use --rounds ${most}.`] : []),
    ...ifTooFew(comparison),
  ];
};

export const betweenResults: Remedy = ({ short }, comparison) => {
  const most = Math.max(...short.map((role) => roundsFor(comparison, role)));
  const who = short.length === 2 ? 'both' : `the ${short[0]}`;
  return [
    ...short
      .filter((role) => comparison[role].rounds === 0)
      .map((role) => `Fix the cause that the report of the ${role} gives.`),
    ...(short.length > 0 ? [`Measure ${who} again with --rounds ${most}.`] : []),
    ...ifTooFew(comparison),
  ];
};

/** The first gap with its servers and remedy, and the number of other servers with one. */
export function gapSentences(
  comparisons: readonly ServerComparison[],
  base: string,
  remedy: Remedy,
): string[] {
  const all = comparisons.flatMap((comparison) => {
    const gap = gapOf(comparison);
    return gap ? [{ comparison, gap, server: comparison.candidate.server }] : [];
  });
  const [first] = all;
  if (!first) return [];
  const { title, why } = first.gap;
  const same = all.filter(({ gap }) => gap.title === title && gap.why === why);
  return [
    `${title} on ${namesOf(same)} against ${base}: ${why}.`,
    ...remedy(first.gap, first.comparison),
    ...othersToo(all.length - same.length, 'not fully judged'),
  ];
}

export function unpairedSentence({ unpaired }: ResultsComparison): string[] {
  if (unpaired.length === 0) return [];
  const names = namesOf(unpaired.map((server) => ({ server })));
  return [
    `Not compared, because only one result has ${unpaired.length > 1 ? 'them' : 'it'}: ${names}.`,
  ];
}

/** `Excluded rounds: 1 invalid of the candidate.` For servers that have verdicts on all metrics. */
export function excludedSentence(comparisons: readonly ServerComparison[]): string[] {
  const judged = comparisons.filter((each) => !gapOf(each));
  const found = (['baseline', 'candidate'] as const).flatMap((role) => {
    const total = (key: 'invalidRounds' | 'failedRounds') =>
      judged.reduce((sum, each) => sum + each[role][key], 0);
    const excluded = excludedOf({
      invalidRounds: total('invalidRounds'),
      failedRounds: total('failedRounds'),
    });
    return excluded ? [`${excluded} of the ${role}`] : [];
  });
  return found.length > 0 ? [`Excluded rounds: ${found.join(', ')}.`] : [];
}
