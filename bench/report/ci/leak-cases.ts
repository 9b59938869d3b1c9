/**
 * The result of a leak check for CI: a suite for each server. A case for each leak, however many
 * disconnect modes it has, and a case for each other mode.
 */
import { placeText } from '../../result/held.ts';
import { findingsOf } from '../../result/leak-findings.ts';
import type {
  LeakFinding,
  LeaksResult,
  ModeResult,
  ServerVerdict,
} from '../../result/leak-result.ts';
import { deathText, modesText, textWithConsequences } from '../shared/leak-words.ts';
import {
  notPassed,
  passed,
  totalMs,
  type CiCase,
  type CiReport,
  type Problem,
} from './ci-report.ts';

export const leaksCiReport = ({ servers, startedAt }: LeaksResult): CiReport => ({
  command: 'leaks',
  startedAt,
  suites: servers.map((verdict) => {
    const cases = leakCases(verdict);
    return { name: verdict.server, cases, tookMs: totalMs(cases) };
  }),
});

/** A case for each leak and each mode without one, and an error if the check is incomplete. */
export function leakCases(verdict: ServerVerdict): CiCase[] {
  const { state, reason, modes, mustTestAll, death, unexpected = [] } = verdict;
  const cases = [
    ...findingCases(verdict),
    ...firstClients(unexpected),
    ...modes.flatMap((mode) => modeCases(mode, mustTestAll === true)),
  ];
  if (death) return [...cases, deathCase(death, reason)];
  if (state === 'not inspected') return [...cases, notPassed(state, 'error', reason ?? '')];
  return reason === null ? cases : [...cases, notPassed('incomplete', 'error', reason)];
}

const firstClients = (unexpected: readonly string[]): CiCase[] =>
  unexpected.map((text) => notPassed('first clients', 'failure', text));

/** The time of a mode counts for the first of its leaks. */
function findingCases({ modes, findings = findingsOf(modes) }: ServerVerdict): CiCase[] {
  const tried = modes.filter(({ skipped }) => skipped === null);
  const left = new Set(tried.filter(({ leaks }) => leaks.length > 0));
  return findings.map((finding) => {
    const names = new Set(finding.modes.map(({ mode }) => mode));
    const own = [...left].filter(({ mode }) => names.has(mode));
    for (const mode of own) left.delete(mode);
    return {
      name: `leak ${finding.place ? `at ${placeText(finding.place)}` : `of ${finding.what}`}`,
      state: 'failure',
      problems: [problemOf(finding, tried.length)],
      tookMs: totalMs(own),
    };
  });
}

function deathCase(
  death: NonNullable<ServerVerdict['death']>,
  reason: ServerVerdict['reason'],
): CiCase {
  const { place } = death;
  const problem: Problem = {
    text: `${deathText(death)}: ${reason}`,
    ...(place && { place: { file: place.file, line: place.line } }),
  };
  return { name: 'the server runs on', state: 'failure', problems: [problem], tookMs: 0 };
}

function problemOf(finding: LeakFinding, tried: number): Problem {
  const { place, advice } = finding;
  return {
    text: `${modesText(finding, tried)}: ${textWithConsequences(finding)}. ${advice}`,
    ...(place && { place: { file: place.file, line: place.line } }),
  };
}

/** @returns no case if leaks are all that was observed, because they have their own */
function modeCases(
  { about: name, skipped, leaks, unexpected, tookMs }: ModeResult,
  mustBeTested: boolean,
): CiCase[] {
  if (skipped !== null) {
    const [state, text] = mustBeTested
      ? (['error', `not tested: ${skipped}`] as const)
      : (['untested', skipped] as const);
    return [{ name, state, problems: [{ text }], tookMs }];
  }
  if (unexpected.length > 0) {
    const problems = unexpected.map((text) => ({ text }));
    return [{ name, state: 'failure', problems, tookMs: leaks.length > 0 ? 0 : tookMs }];
  }
  return leaks.length > 0 ? [] : [passed(name, tookMs)];
}
