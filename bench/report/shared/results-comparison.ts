/** The comparison of two results, for the terminal and as a Markdown page. */
import type { ResultsComparison, ServerComparison } from '../../verdict/comparison.ts';
import { statementBetween } from '../conclusion/comparison-answers.ts';
import {
  comparisonBasis,
  hasVerdict,
  metricsTable,
  leftOut,
  verdictSentences,
} from './comparison.ts';
import { markdownText, terminalText } from './escape.ts';
import { markdownColumns } from '../markdown/markdown.ts';
import { layOut } from './text-table.ts';
import type { TerminalOptions } from './style.ts';

const titleOf = ({ baseline, candidate }: ServerComparison) => {
  const rounds = `${baseline.rounds} and ${candidate.rounds} rounds`;
  return `${baseline.server === candidate.server ? candidate.server : `${baseline.server} and ${candidate.server}`}, ${rounds}`;
};

const headOf = ({ baseline, candidate }: ResultsComparison) =>
  `Baseline: ${baseline}. Candidate: ${candidate}.`;
const differ = 'The conditions of the two results differ:';
const sentencesOf = ({ servers, unpaired }: ResultsComparison) => [
  ...verdictSentences(servers),
  ...new Set(servers.flatMap(leftOut)),
  ...(unpaired.length > 0
    ? [`Not compared, because only one result has them: ${unpaired.join(', ')}.`]
    : []),
];

export function comparisonReport(
  comparison: ResultsComparison,
  { width, style }: TerminalOptions,
): string {
  const { differences, servers } = comparison;
  const conclusion = statementBetween(comparison);
  const table = (server: ServerComparison) => {
    const [names, ...columns] = metricsTable(server);
    return [
      '',
      style('bold', terminalText(titleOf(server))),
      ...layOut(names, columns, width).map(({ title, text }) =>
        title ? style('bold', text) : text,
      ),
    ];
  };
  return [
    style(conclusion.isProblem ? ['bold', 'red'] : 'bold', terminalText(conclusion.text)),
    terminalText(headOf(comparison)),
    ...(differences.length > 0
      ? [
          style('yellow', differ),
          ...differences.map((difference) => style('yellow', `  ${terminalText(difference)}`)),
        ]
      : []),
    ...servers.flatMap((server) => (server.metrics.length > 0 ? table(server) : [])),
    '',
    ...(servers.some(hasVerdict) ? [comparisonBasis(servers)] : []),
    ...sentencesOf(comparison).map(terminalText),
  ].join('\n');
}

export function comparisonMarkdown(comparison: ResultsComparison): string {
  const { differences, servers } = comparison;
  return (
    [
      '# Comparison',
      `**${markdownText(statementBetween(comparison).text)}**`,
      markdownText(headOf(comparison)),
      ...(differences.length > 0
        ? [
            `**${differ}**`,
            differences.map((difference) => `- ${markdownText(difference)}`).join('\n'),
          ]
        : []),
      sentencesOf(comparison)
        .map((sentence) => `- ${markdownText(sentence)}`)
        .join('\n'),
      ...(servers.some(hasVerdict) ? [comparisonBasis(servers)] : []),
      ...servers.flatMap((server) =>
        server.metrics.length > 0
          ? [`## ${markdownText(titleOf(server))}`, markdownColumns(metricsTable(server))]
          : [],
      ),
    ].join('\n\n') + '\n'
  );
}
