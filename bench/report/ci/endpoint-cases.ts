/** The result of `ssebench check` for CI: a suite for each endpoint, a case for each topic. */
import type { EndpointFinding, EndpointResult } from '../../result/endpoint-result.ts';
import { conclusionOf } from '../shared/endpoint-words.ts';
import { passed, type CiCase, type CiReport } from './ci-report.ts';

/**
 * @param results one for each endpoint, in their order
 * @param failOn the mildest severity that fails a case
 */
export const endpointCiReport = (
  results: readonly EndpointResult[],
  failOn: 'error' | 'warning',
): CiReport => ({
  command: 'check',
  startedAt: results[0]?.startedAt ?? new Date().toISOString(),
  // All topics are observed at the same time, so each took as long as the check.
  suites: results.map((result) => ({
    name: result.url,
    cases: casesOf(result, failOn),
    tookMs: result.durationMs,
  })),
});

function casesOf(result: EndpointResult, failOn: 'error' | 'warning'): CiCase[] {
  const { unreachable, findings, fine, skipped, durationMs: tookMs } = result;
  if (unreachable !== null)
    return [
      { name: 'reached', state: 'error', problems: [{ text: conclusionOf(result) }], tookMs },
    ];
  const fails = ({ severity }: EndpointFinding) =>
    severity === 'error' || severity === 'unjudged' || severity === failOn;
  const topics = new Set([...findings.map(({ topic }) => topic), ...fine]);
  return [
    ...[...topics].map((topic): CiCase => {
      const problems = findings
        .filter((finding) => finding.topic === topic && fails(finding))
        .map(({ what, evidence, fix }) => ({ text: `${what} ${evidence}. ${fix}` }));
      return problems.length > 0
        ? { name: topic, state: 'failure', problems, tookMs }
        : passed(topic, tookMs);
    }),
    ...skipped.map(({ topic, reason }): CiCase => ({
      name: topic,
      state: 'skipped',
      problems: [{ text: reason }],
      tookMs,
    })),
  ];
}
