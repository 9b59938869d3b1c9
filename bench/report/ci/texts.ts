/**
 * The texts of a result for CI systems, for each command. `bench/commands/ci-output.ts` writes them.
 */
import { headlineMetrics } from '../../metrics/headline.ts';
import type { EndpointResult } from '../../result/endpoint-result.ts';
import type { LeaksResult } from '../../result/leak-result.ts';
import type { RunResult } from '../../result/run-result.ts';
import type { FailOn, ResultsComparison } from '../../verdict/comparison.ts';
import type { Findings } from '../../verdict/findings.ts';
import { conclusionOf } from '../conclusion/conclusion.ts';
import { endpointMarkdown } from '../markdown/endpoint.ts';
import { markdownTable } from '../markdown/markdown.ts';
import { markdownText } from '../shared/escape.ts';
import { comparisonMarkdown } from '../shared/results-comparison.ts';
import { knownOf } from '../shared/table-notes.ts';
import { interruption, withInterruption, type CiReport } from './ci-report.ts';
import { comparisonCiReport } from './comparison-cases.ts';
import { endpointCiReport } from './endpoint-cases.ts';
import { leaksCiReport } from './leak-cases.ts';
import { runCiReport, unansweredCiReport } from './run-cases.ts';
import { ciSummary, docsLine } from './summary.ts';

export interface CiTexts {
  report: CiReport;
  /** @param docs the address of the folder that contains `docs/`; `undefined` if it is not public */
  markdown(docs: string | undefined): string;
}

export function runCiTexts(
  result: RunResult,
  findings: Findings,
  failOn: FailOn | undefined,
  isInterrupted = false,
): CiTexts {
  const report = withInterruption(runCiReport(result, findings, failOn), isInterrupted);
  return {
    report,
    markdown(docs) {
      const columns = knownOf(headlineMetrics(result), findings.summaries, result);
      const above = conclusionOf(result, findings).map(({ text }) => `**${markdownText(text)}**`);
      const below = columns.length > 0 ? [markdownTable(columns, findings.summaries)] : [];
      return ciSummary({ ...report, command: 'run' }, { above, below }, docs);
    },
  };
}

/** @param lines why servers did not answer with a stream: `name: reason` */
export function unansweredCiTexts(head: RunResult, lines: readonly string[]): CiTexts {
  const report = unansweredCiReport(head, lines);
  const none = { above: [], below: [] };
  return { report, markdown: (docs) => ciSummary({ ...report, command: 'run' }, none, docs) };
}

export function leaksCiTexts(result: LeaksResult, isInterrupted = false): CiTexts {
  const report = withInterruption(leaksCiReport(result), isInterrupted);
  const none = { above: [], below: [] };
  return { report, markdown: (docs) => ciSummary({ ...report, command: 'leaks' }, none, docs) };
}

export const endpointCiTexts = (
  results: readonly EndpointResult[],
  failOn: 'error' | 'warning',
  isInterrupted = false,
): CiTexts => ({
  report: withInterruption(endpointCiReport(results, failOn), isInterrupted),
  markdown: (docs) =>
    [
      ...(isInterrupted ? [`**Partial result: ${interruption}.**\n`] : []),
      ...results.map(endpointMarkdown),
      `${docsLine('check', docs)}\n`,
    ].join('\n'),
});

/** @param startedAt when the candidate was measured */
export const comparisonCiTexts = (
  comparison: ResultsComparison,
  failOn: FailOn | undefined,
  startedAt: string,
): CiTexts => ({
  report: comparisonCiReport(comparison, failOn, startedAt),
  markdown: (docs) => `${comparisonMarkdown(comparison)}\n${docsLine('compare', docs)}\n`,
});
