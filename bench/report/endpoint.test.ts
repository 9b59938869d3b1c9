/** The formats of a check of an endpoint: their order, and hostile text of a server. */
import { describe, expect, test } from 'vitest';
import {
  severities,
  type EndpointFinding,
  type EndpointResult,
} from '../result/endpoint-result.ts';
import { observationsInShort } from '../endpoint/summary.ts';
import { hostileTexts } from '../tests/fixtures/helpers/hostile-texts.ts';
import { observations } from '../tests/fixtures/helpers/observations.ts';
import { endpointCiReport } from './ci/endpoint-cases.ts';
import { junitReport } from './ci/junit.ts';
import { endpointMarkdown } from './markdown/endpoint.ts';
import { conclusionOf } from './shared/endpoint-words.ts';
import { endpointReport } from './terminal/endpoint.ts';

const finding = (own: Partial<EndpointFinding> = {}): EndpointFinding => ({
  name: 'late-headers',
  topic: 'time to headers',
  severity: 'warning',
  what: 'The headers are late.',
  evidence: 'headers after 3 s',
  why: 'Clients wait.',
  fix: 'Flush them.',
  ...own,
});

const resultOf = (own: Partial<EndpointResult> = {}): EndpointResult => ({
  schemaVersion: 1,
  url: 'http://127.0.0.1:3000/event',
  startedAt: '2026-11-27T05:00:00.000Z',
  durationMs: 12_500, // with the start and the end of a server
  watchMs: 10_000,
  origin: null,
  unreachable: null,
  findings: [],
  fine: ['framing', 'heartbeats'],
  skipped: [{ topic: 'CORS headers', reason: 'add --origin' }],
  observations: observationsInShort(observations()),
  ...own,
});

const endpointJunit = (result: EndpointResult, failOn: 'error' | 'warning') =>
  junitReport(endpointCiReport([result], failOn));
const plain = { style: (_format: unknown, text: string) => text };
const findings = severities.map((severity) => finding({ severity, name: `a-${severity}` }));

describe('the conclusion', () => {
  test.each<[EndpointFinding[], string]>([
    [[], 'Ready for production.'],
    [[finding({ severity: 'info' })], 'Ready for production.'],
    [[finding()], '1 warning: late-headers.'],
    [findings, '1 error, 1 not judged and 1 warning: a-error, a-unjudged, a-warning.'],
  ])('of %# findings', (all, text) => expect(conclusionOf(resultOf({ findings: all }))).toBe(text));

  test('names what failed if there was no connection', () => {
    expect(conclusionOf(resultOf({ unreachable: 'connection refused; start the server' }))).toBe(
      'Not reached: connection refused; start the server.',
    );
  });
});

test('the terminal shows what, evidence, why and fix', () => {
  expect(endpointReport(resultOf({ findings: [finding()] }), plain).split('\n')).toEqual([
    '1 warning: late-headers.',
    'http://127.0.0.1:3000/event, observed for 10.0 s',
    '',
    'WARNING  The headers are late. (late-headers)',
    '  Evidence: headers after 3 s',
    '  Why: Clients wait.',
    '  Fix: Flush them.',
    '',
    'Fine: framing, heartbeats.',
    'Not applicable: CORS headers (add --origin).',
  ]);
});

describe('JUnit', () => {
  const counts = (findingsOfTopic: EndpointFinding[], failOn: 'error' | 'warning') =>
    /tests="(\d+)" failures="(\d+)" errors="(\d+)" skipped="(\d+)"/
      .exec(endpointJunit(resultOf({ findings: findingsOfTopic }), failOn))!
      .slice(1)
      .map(Number);

  test('fails for a warning only if --fail-on says so', () => {
    expect(counts([finding()], 'error')).toEqual([4, 0, 0, 1]);
    expect(counts([finding()], 'warning')).toEqual([4, 1, 0, 1]);
    expect(counts([finding({ severity: 'unjudged' })], 'error')).toEqual([4, 1, 0, 1]);
  });

  test('has an error without a connection', () => {
    expect(endpointJunit(resultOf({ unreachable: 'refused' }), 'error')).toContain(
      '<error message="Not reached: refused.">',
    );
  });
});

test.each(hostileTexts)('%j has no effect', (text) => {
  const hostile = resultOf({ findings: [finding({ severity: 'error', evidence: text })] });
  const clean = resultOf({ findings: [finding({ severity: 'error' })] });
  const linesOf = (report: string) => report.split('\n').length;
  for (const render of [
    (result: EndpointResult) => endpointReport(result, plain),
    endpointMarkdown,
  ]) {
    expect(linesOf(render(hostile))).toBe(linesOf(render(clean)));
    expect(render(hostile)).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}]|^::|##\[/mu);
  }
  expect(endpointMarkdown(hostile)).not.toMatch(/(?<!\\)<|(?<!\\)`injected/);
  expect(endpointJunit(hostile, 'error')).not.toMatch(
    /(?!\n)[\p{Cc}\p{Cf}\p{Cs}]|message="[^"]*</u,
  );
});
