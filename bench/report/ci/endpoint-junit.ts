/** The result of `ssebench check` as JUnit XML: a test case for each topic. */
import type { EndpointFinding, EndpointResult } from '../../result/endpoint-result.ts';
import { conclusionOf } from '../shared/endpoint-words.ts';
import { xmlText } from '../shared/escape.ts';

/** @param failOn the mildest severity that fails a test case */
export function endpointJunit(result: EndpointResult, failOn: 'error' | 'warning'): string {
  const cases = casesOf(result, failOn);
  const count = (kind: Case['kind']) => cases.filter((each) => each.kind === kind).length;
  const time = (result.durationMs / 1_000).toFixed(3);
  const attributes = `name="${xmlText(result.url)}" tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}" time="${time}" timestamp="${xmlText(result.startedAt)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="ssebench check" time="${time}">`,
    `  <testsuite ${attributes}>`,
    // All topics are observed at the same time, so each took as long as the check.
    ...cases.map(
      ({ topic, kind, messages }) =>
        `    <testcase classname="${xmlText(result.url)}" name="${xmlText(topic)}" time="${time}">${messages.map((message) => `<${kind} message="${xmlText(message)}"/>`).join('')}</testcase>`,
    ),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

interface Case {
  topic: string;
  kind: 'failure' | 'error' | 'skipped' | 'passed';
  /** Empty if it passed. */
  messages: readonly string[];
}

function casesOf(result: EndpointResult, failOn: 'error' | 'warning'): Case[] {
  const { unreachable, findings, fine, skipped } = result;
  if (unreachable !== null)
    return [{ topic: 'reached', kind: 'error', messages: [conclusionOf(result)] }];
  const fails = ({ severity }: EndpointFinding) =>
    severity === 'error' || severity === 'unjudged' || severity === failOn;
  const topics = new Set([...findings.map(({ topic }) => topic), ...fine]);
  return [
    ...[...topics].map((topic): Case => {
      const failing = findings.filter((finding) => finding.topic === topic && fails(finding));
      const messages = failing.map((each) => `${each.what} ${each.evidence}. ${each.fix}`);
      return { topic, kind: failing.length > 0 ? 'failure' : 'passed', messages };
    }),
    ...skipped.map(({ topic, reason }): Case => ({ topic, kind: 'skipped', messages: [reason] })),
  ];
}
