/** The result of `ssebench check` for CI: one suite, a case for each topic. */
import type { EndpointFinding, EndpointResult } from '../../result/endpoint-result.ts';
import { conclusionOf } from '../shared/endpoint-words.ts';
import { passed, type CiCase, type CiReport } from './ci-report.ts';

/** @param failOn the mildest severity that fails a case */
export function endpointCiReport(result: EndpointResult, failOn: 'error' | 'warning'): CiReport {
  const { url, startedAt, durationMs } = result;
  return {
    command: 'check',
    startedAt,
    // All topics are observed at the same time, so each took as long as the check.
    suites: [{ name: url, cases: casesOf(result, failOn), tookMs: durationMs }],
  };
}

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
