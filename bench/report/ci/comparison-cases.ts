/** A comparison for CI: a suite for each server, a case for each judged metric. */
import type { FailOn, ResultsComparison, ServerComparison } from '../../verdict/comparison.ts';
import type { MetricComparison } from '../../verdict/metric-comparison.ts';
import { ratioText } from '../shared/comparison.ts';
import { gapOf, metricNamed } from '../shared/comparison-gaps.ts';
import { notPassed, passed, type CiCase, type CiReport } from './ci-report.ts';

/**
 * @param failOn without it, a worse metric does not fail, and its case is skipped
 * @param startedAt when the candidate was measured
 */
export const comparisonCiReport = (
  { baseline, servers }: ResultsComparison,
  failOn: FailOn | undefined,
  startedAt: string,
): CiReport => ({
  command: 'compare',
  startedAt,
  suites: servers.map((comparison) => ({
    name: comparison.candidate.server,
    cases: comparisonCases(comparison, baseline, failOn),
    tookMs: null,
  })),
});

/** @param base the name of the server or of the baseline */
export function comparisonCases(
  comparison: ServerComparison,
  base: string,
  failOn: FailOn | undefined,
): CiCase[] {
  const { judged, metrics: compared, lost } = comparison;
  const why = gapOf(comparison)?.why ?? 'the comparison has no verdict';
  const nameOf = (metric: string) => `${metricNamed(metric).label}, compared with ${base}`;
  const cases = [
    ...compared
      .filter(({ metric, verdict }) => verdict !== null || judged.includes(metric))
      .map((each) => caseOf(nameOf(each.metric), each, why, failOn)),
    ...lost.map((metric) => unjudged(nameOf(metric), why, failOn)),
  ];
  return compared.some(({ verdict }) => verdict !== null)
    ? cases
    : [unjudged(`comparison with ${base}`, why, failOn)];
}

function caseOf(
  name: string,
  compared: MetricComparison,
  why: string,
  failOn: FailOn | undefined,
): CiCase {
  const { verdict } = compared;
  if (verdict === null) return unjudged(name, why, failOn);
  if (verdict === 'better' || verdict === 'same') return passed(name, 0);
  const text = `${verdict}, ${ratioText(compared)}`;
  if (failOn === undefined) return notPassed(name, 'skipped', text);
  return verdict === 'worse' || verdict === failOn
    ? notPassed(name, 'failure', text)
    : passed(name, 0);
}

const unjudged = (name: string, why: string, failOn: FailOn | undefined): CiCase =>
  notPassed(name, failOn === undefined ? 'skipped' : 'error', why);
