/** Adds up what several crowds have observed. Pure. */
import { addUp } from '../../measure/failure-counts.ts';
import type { CrowdReport } from './task.ts';

/** The sum of the observations of all crowds of a round. */
export function sumOfReports(reports: readonly CrowdReport[]): CrowdReport {
  const failures: CrowdReport['failures'] = {};
  for (const report of reports) addUp(failures, report.failures);
  const sum = (of: (report: CrowdReport) => number) =>
    reports.reduce((total, report) => total + of(report), 0);
  const headersMs = reports.flatMap((report) => report.headersMs ?? []);
  return {
    opened: sum(({ opened }) => opened),
    served: sum(({ served }) => served),
    hurried: sum(({ hurried }) => hurried),
    events: sum(({ events }) => events),
    ended: sum(({ ended }) => ended),
    failures,
    redirects: Math.max(...reports.map(({ redirects }) => redirects)),
    headersMs: headersMs.length > 0 ? Math.min(...headersMs) : null,
    disconnectedNs: reports.flatMap(({ disconnectedNs }) => disconnectedNs),
  };
}
