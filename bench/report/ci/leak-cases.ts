/** The result of a leak check for CI: a suite for each server, a case for each disconnect mode. */
import {
  isClean,
  type LeaksResult,
  type ModeResult,
  type ServerVerdict,
} from '../../result/leak-result.ts';
import { leakText } from '../shared/leak-words.ts';
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

/** A case for each mode that was tried or skipped, and an error if the check is incomplete. */
export function leakCases({ state, reason, modes }: ServerVerdict): CiCase[] {
  const cases = modes.map(modeCase);
  if (state === 'not inspected') return [...cases, notPassed(state, 'error', reason ?? '')];
  return reason === null ? cases : [...cases, notPassed('incomplete', 'error', reason)];
}

function modeCase(mode: ModeResult): CiCase {
  const { about: name, skipped, tookMs } = mode;
  if (skipped !== null) return { name, state: 'skipped', problems: [{ text: skipped }], tookMs };
  return isClean(mode)
    ? passed(name, tookMs)
    : { name, state: 'failure', problems: problemsIn(mode), tookMs };
}

const problemsIn = ({ leaks, unexpected }: ModeResult): Problem[] => [
  ...leaks.map((leak) => ({
    text: leakText(leak),
    ...(leak.place && { place: { file: leak.place.file, line: leak.place.line } }),
  })),
  ...unexpected.map((text) => ({ text })),
];
