/** The conclusion of a check of an endpoint, and its parts, for all formats. */
import { type EndpointFinding, type EndpointResult } from '../../result/endpoint-result.ts';
import { counted, inALine } from './format.ts';

/** The most severe first: `error: …; warning: …`. */
const conclusions: readonly {
  severity: EndpointFinding['severity'];
  words(count: number): string;
}[] = [
  { severity: 'error', words: (count) => counted(count, 'error') },
  { severity: 'unjudged', words: (count) => `${count} not judged` },
  { severity: 'warning', words: (count) => counted(count, 'warning') },
];

/** The answer in one line: `Ready for production.`, or what is wrong. */
export function conclusionOf({ unreachable, findings }: EndpointResult): string {
  if (unreachable !== null) return `Not reached: ${unreachable}.`;
  const counts = conclusions.flatMap(({ severity, words }) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : words(count);
  });
  if (counts.length === 0) return 'Ready for production.';
  const names = findings.filter(({ severity }) => severity !== 'info').map(({ name }) => name);
  return `${inALine(counts)}: ${names.join(', ')}.`;
}

/** `65.0 s`: how long the check observed the stream. Starting and ending a server takes longer. */
export const observedFor = ({ observations: { first } }: EndpointResult): string =>
  `${(first.watchedMs / 1_000).toFixed(1)} s`;

export const skippedText = ({ skipped }: EndpointResult): string =>
  skipped.map(({ topic, reason }) => `${topic} (${reason})`).join('; ');
