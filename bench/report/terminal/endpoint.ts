/**
 * Output of `ssebench check`. The first line is the conclusion; each finding has what, evidence, why
 * and fix.
 */
import type { EndpointFinding, EndpointResult, Severity } from '../../result/endpoint-result.ts';
import { conclusionOf, observedFor, skippedText } from '../shared/endpoint-words.ts';
import { terminalText } from '../shared/escape.ts';
import type { TerminalOptions } from '../shared/style.ts';

type Style = TerminalOptions['style'];

const labels: Record<Severity, { color: 'red' | 'yellow' | 'dim'; text: string }> = {
  error: { color: 'red', text: 'ERROR' },
  unjudged: { color: 'red', text: 'NOT JUDGED' },
  warning: { color: 'yellow', text: 'WARNING' },
  info: { color: 'dim', text: 'info' },
};

export function endpointReport(
  result: EndpointResult,
  { style }: Pick<TerminalOptions, 'style'>,
): string {
  const isReady = result.findings.every(({ severity }) => severity === 'info');
  const isGood = result.unreachable === null && isReady;
  const { fine, skipped } = result;
  return [
    style(isGood ? 'green' : 'red', terminalText(conclusionOf(result))),
    terminalText(`${result.url}, observed for ${observedFor(result)}`),
    ...result.findings.flatMap((finding) => ['', ...findingLines(finding, style)]),
    ...(fine.length > 0 ? ['', terminalText(`Fine: ${fine.join(', ')}.`)] : []),
    ...(skipped.length > 0
      ? [...(fine.length > 0 ? [] : ['']), terminalText(`Not applicable: ${skippedText(result)}.`)]
      : []),
  ].join('\n');
}

function findingLines(
  { severity, name, what, evidence, why, fix }: EndpointFinding,
  style: Style,
): string[] {
  const { color, text } = labels[severity];
  return [
    `${style(color, text)}  ${terminalText(`${what} (${name})`)}`,
    `  Evidence: ${terminalText(evidence)}`,
    `  Why: ${terminalText(why)}`,
    `  Fix: ${terminalText(fix)}`,
  ];
}
