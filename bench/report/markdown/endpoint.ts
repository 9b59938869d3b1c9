/** The result of `ssebench check` as Markdown, for a pull request or a job summary. */
import type { EndpointFinding, EndpointResult } from '../../result/endpoint-result.ts';
import { conclusionOf, observedFor, skippedText } from '../shared/endpoint-words.ts';
import { markdownCodeSpan, markdownText } from '../shared/escape.ts';

export function endpointMarkdown(result: EndpointResult): string {
  const { fine, skipped, findings } = result;
  return [
    `## ${markdownText(conclusionOf(result))}`,
    `${markdownCodeSpan(result.url)}, observed for ${observedFor(result)}`,
    ...(findings.length > 0 ? [table(findings)] : []),
    ...(fine.length > 0 ? [markdownText(`Fine: ${fine.join(', ')}.`)] : []),
    ...(skipped.length > 0 ? [markdownText(`Not applicable: ${skippedText(result)}.`)] : []),
    '',
  ].join('\n\n');
}

const table = (findings: readonly EndpointFinding[]): string =>
  [
    '| severity | finding | evidence | why | fix |',
    '| --- | --- | --- | --- | --- |',
    ...findings.map(
      ({ severity, ...texts }) =>
        `| ${severity} | ${[texts.what, texts.evidence, texts.why, texts.fix].map(markdownText).join(' | ')} |`,
    ),
  ].join('\n');
