import { describe, expect, test } from 'vitest';
import { measuredRound, runResult } from '../tests/fixtures/helpers/result.ts';
import { noNumbering } from '../result/event-data.ts';
import type { RunResult } from '../result/run-result.ts';
import { endingStreams } from '../scenario/kinds/ending-streams.ts';
import { namedScenarios } from '../scenario/named-scenarios.ts';
import { readThreshold } from '../verdict/thresholds.ts';
import { headlineMetrics } from './headline.ts';

const namesOf = (scenarioName: string | null, rounds: RunResult['rounds'] = []) => {
  const { scenario } = runResult([], []);
  return headlineMetrics({ scenario: { ...scenario, name: scenarioName }, rounds }).map(
    ({ name }) => name,
  );
};

test.each(Object.entries(namedScenarios))(
  '%s: the short table has the metrics of the scenario',
  (name, { figures }) => {
    expect(namesOf(name)).toEqual(figures ?? namesOf(null));
  },
);

test.each(Object.entries(namedScenarios))(
  '%s: its expectations are valid',
  (_name, { config: { expect: texts = [] } }) => {
    for (const text of texts) expect(readThreshold(text)).toMatchObject({ value: { text } });
  },
);

test('the table of clients that reconnect has the metrics of their load too', () => {
  const reconnect = { retryMs: 1_000, jitterMs: 0 };
  const load = {
    kind: 'churn',
    perSecond: 5,
    spacing: 'ramp',
    lifetimeMs: 9,
    lifetimes: 'fixed',
  } as const;
  const namesFor = (changes: Partial<RunResult['scenario']>) =>
    headlineMetrics({ rounds: [], scenario: { ...runResult([], []).scenario, ...changes } }).map(
      ({ name }) => name,
    );
  expect(namesFor({ reconnect })).toEqual(endingStreams.figures);
  expect(namesFor({ reconnect, load })).toEqual(expect.arrayContaining(['ttfe.p99', 'outage.p50']));
});

test('without a scenario, or with an unknown one, the table has the usual metrics', () => {
  expect(namesOf(null)).toContain('delivery.p99');
  expect(namesOf('of-another-version')).toEqual(namesOf(null));
});

describe('servers that ssebench did not start', () => {
  const [own, url] = [measuredRound('koa', 1), measuredRound('http://a/', 1, { process: null })];

  test('alone, they get the metrics that are known from outside', () => {
    expect(namesOf(null, [url])).toEqual([
      'headers.p50',
      'headers.p95',
      'ttfe.p50',
      'ttfe.p95',
      'gap.p50',
      'gap.p95',
      'gap.p99',
      'longest-silence',
      'lag.p99',
      'delivery.p99',
      'fan-out.p50',
      'fan-out.max',
      'events-per-read',
      'events',
      'failed',
      'missing',
    ]);
  });

  test('beside reference servers, they add metrics that both have', () => {
    expect(namesOf(null, [own, url])).toEqual([
      'headers.p95',
      'ttfe.p95',
      'gap.p99',
      'events',
      ...namesOf(null, [own]),
    ]);
  });

  test('the metrics of a scenario stay', () =>
    expect(namesOf('firehose', [url])).toEqual(namedScenarios.firehose!.figures));
});

test('a server with a feed adds the fan-out', () => {
  const numbering = { ...noNumbering(), given: 'feed', streams: 2, lowest: 7 } as const;
  expect(namesOf(null, [measuredRound('hub', 1, { numbering })])).toEqual([
    ...namesOf(null, [measuredRound('koa', 1)]),
    'fan-out.p50',
    'fan-out.max',
  ]);
});

test('without heap figures, the table has the resident memory', () => {
  const { process } = measuredRound('own', 1);
  const unknown = { heapBytes: null, rssBytes: 1 };
  const outside = { ...process!, before: unknown, loaded: unknown };
  const names = namesOf(null, [measuredRound('own', 1, { process: outside })]);
  expect(names).toContain('rss');
  expect(names).not.toContain('memory');
  expect(
    namesOf(null, [measuredRound('koa', 1), measuredRound('own', 1, { process: outside })]),
  ).toContain('memory');
});

test('a server without stamps gets the metrics that need none in addition', () => {
  const round = measuredRound('own', 1);
  const stampless = { ...round, counts: { ...round.counts, stamped: 0 } };
  expect(namesOf(null, [stampless])).toEqual(
    expect.arrayContaining(['ttfe.p95', 'gap.p99', 'cpu']),
  );
});
