import { describe, expect, test } from 'vitest';
import { named } from '../../tests/fixtures/helpers/reports.ts';
import { failedRound, measuredRound, runResult } from '../../tests/fixtures/helpers/result.ts';
import type { MeasuredRound, RunResult } from '../../result/run-result.ts';
import { createHistogram } from '../../measure/histogram.ts';
import { compareResults, outcomeOf } from '../../verdict/comparison.ts';
import { findingsOf } from '../../verdict/findings.ts';
import { statementBetween, statementWithin } from './comparison-answers.ts';
import { conclusionOf } from './conclusion.ts';

const doubts = [{ check: 'ports', finding: 'no ports', remedy: 'Use fewer.' }];
/** Valid rounds of a server, then invalid and failed ones. */
const rounds = (server: string, valid = 6, invalid = 0, failed = 0): RunResult['rounds'] =>
  Array.from({ length: valid + invalid + failed }, (_, n) => {
    if (n >= valid + invalid) return failedRound(server, n + 1);
    return measuredRound(server, n + 1, { doubts: n < valid ? [] : doubts });
  });
const each = (all: RunResult['rounds'], change: (round: MeasuredRound) => MeasuredRound) =>
  all.map((round) => (round.state === 'measured' ? change(round) : round));
const withoutRelease = (all: RunResult['rounds']) =>
  each(all, (round) => {
    const { release: _release, ...histograms } = round.histograms;
    return { ...round, histograms };
  });
const withoutDelivery = (all: RunResult['rounds']) =>
  each(all, (round) => {
    const { delivery: _delivery, ...histograms } = round.histograms;
    return { ...round, histograms };
  });
const withCpu = (all: RunResult['rounds'], cpuNs: (n: number) => number) =>
  each(all, (round) => ({ ...round, process: { ...round.process!, cpuNs: cpuNs(round.round) } }));
/** Rounds of a server of which only the client's side is known. */
const outside = (server: string, count = 6) =>
  each(rounds(server, count), (round) => {
    const { delivery: _delivery, release: _release, ...histograms } = round.histograms;
    return { ...round, process: null, intervalMs: null, histograms };
  });

const same = 'the same in delivery p99, release p99, CPU per event and memory per stream';
const sameBut = 'the same in delivery p99, CPU per event and memory per stream';
const sharesNone = (judged: string) =>
  `none of the judged metrics (${judged}) is available for both with enough samples`;
/** Rounds from outside with too few samples of everything. */
const unsampled = (server: string, count = 6) =>
  each(outside(server, count), (round) => ({ ...round, histograms: {} }));

describe('two results', () => {
  const between = (before: RunResult['rounds'], after: RunResult['rounds']) => {
    const of = (all: RunResult['rounds']) =>
      runResult([...new Set(all.map(({ server }) => server))], all);
    const comparison = compareResults(named(of(before), 'main'), named(of(after), 'new'), []);
    const statement = statementBetween(comparison);
    const outcome = outcomeOf(comparison.servers, 'inconclusive');
    expect(statement.isProblem || outcome === 'passed').toBe(true);
    return statement;
  };
  const short = 'No verdict on koa against the baseline main: ';

  test.each<[string, RunResult['rounds'], RunResult['rounds'], string]>([
    [
      'a lost figure comes before “the same”',
      rounds('koa'),
      withoutRelease(rounds('koa')),
      `No full verdict on koa against the baseline main: the candidate has no release p99, which the baseline has. If it has too few samples, use a longer --duration. Compared with the baseline main, koa is ${sameBut}.`,
    ],
    [
      'a server without a valid round comes before “the same”',
      [...rounds('koa'), ...rounds('h3')],
      [...rounds('koa'), ...rounds('h3', 0, 4, 2)],
      `No verdict on h3 against the baseline main: the candidate has 0 valid rounds (4 invalid and 2 failed), and verdicts need 6. Fix the cause that the report of the candidate gives. Measure the candidate again with --rounds 6. Compared with the baseline main, koa is ${same}.`,
    ],
    [
      'a short baseline',
      rounds('koa', 3),
      rounds('koa'),
      `${short}the baseline has 3 valid rounds, and verdicts need 6. Measure the baseline again with --rounds 6.`,
    ],
    [
      'a short candidate with an invalid round',
      rounds('koa'),
      rounds('koa', 5, 1),
      `${short}the candidate has 5 valid rounds (1 invalid), and verdicts need 6. Measure the candidate again with --rounds 7.`,
    ],
    [
      'two short sides',
      rounds('koa', 3),
      rounds('koa', 4),
      `${short}the baseline has 3 valid rounds and the candidate has 4 valid rounds, and verdicts need 6. Measure both again with --rounds 6.`,
    ],
    [
      'an invalid candidate',
      rounds('koa'),
      rounds('koa', 0, 6),
      `${short}the candidate has 0 valid rounds (6 invalid), and verdicts need 6. Fix the cause that the report of the candidate gives. Measure the candidate again with --rounds 6.`,
    ],
    [
      'no metric in common',
      unsampled('koa'),
      unsampled('koa'),
      `${short}${sharesNone('headers p50, TTFE p50, event gap p95 and delivery p99')}.`,
    ],
    [
      'a value of 0',
      rounds('koa'),
      withCpu(rounds('koa'), () => 0),
      'No full verdict on koa against the baseline main: a value of 0 or less has no ratio (CPU per event). Compared with the baseline main, koa is the same in delivery p99, release p99 and memory per stream.',
    ],
    [
      'a metric that worsened',
      rounds('koa'),
      withCpu(rounds('koa'), () => 75e7),
      'Compared with the baseline main, koa is worse in CPU per event (1.50×).',
    ],
    [
      'an inconclusive metric',
      rounds('koa'),
      withCpu(rounds('koa'), (n) => 5e8 * (1 + 0.2 * (n % 3))),
      expect.stringMatching(
        /^Compared with the baseline main, koa is inconclusive in CPU per event\. To decide more, measure both results again with about --rounds \d+\.$/,
      ),
    ],
  ])('%s', (_name, before, after, text) =>
    expect(between(before, after)).toEqual({ text, isProblem: true }),
  );

  test.each<[string, RunResult['rounds'], RunResult['rounds']]>([
    ['two URLs', outside('koa'), outside('koa')],
    ['a URL after a server with a process', withoutDelivery(rounds('koa')), outside('koa')],
  ])('%s: judged by the metrics of their streams', (_name, before, after) =>
    expect(between(before, after)).toEqual({
      text: 'Compared with the baseline main, koa is the same in headers p50, TTFE p50 and event gap p95.',
      isProblem: false,
    }),
  );

  test.each<[string, RunResult['rounds'], RunResult['rounds'], string]>([
    [
      'excluded rounds',
      rounds('koa', 6, 1),
      rounds('koa', 6, 0, 2),
      `Excluded rounds: 1 invalid of the baseline, 2 failed of the candidate. Compared with the baseline main, koa is ${same}.`,
    ],
    [
      'a server that only one result has',
      [...rounds('koa'), ...rounds('h3')],
      rounds('koa'),
      `Not compared, because only one result has it: h3. Compared with the baseline main, koa is ${same}.`,
    ],
  ])('%s come before the verdicts, but are no problem', (_name, before, after, text) =>
    expect(between(before, after)).toEqual({ text, isProblem: false }),
  );
});

test('at unlimited rate, delivery alone gives no verdict', () => {
  const [before, after] = ['main', 'new'].map((name) => {
    const delivered = each(unsampled('koa'), (round) => {
      const { delivery } = measuredRound('koa', 1).histograms;
      return { ...round, histograms: { ...round.histograms, delivery: delivery! } };
    });
    const { scenario, ...result } = runResult(['koa'], delivered);
    return named({ ...result, scenario: { ...scenario, intervalMs: 0 } }, name);
  });
  expect(statementBetween(compareResults(before!, after!, []))).toEqual({
    text: `No verdict on koa against the baseline main: ${sharesNone('headers p50, TTFE p50 and event gap p95')}.`,
    isProblem: true,
  });
});

describe('servers of one run', () => {
  const within = (servers: string[], ...all: RunResult['rounds'][]) => {
    const result = runResult(servers, all.flat(), { against: servers[0]! });
    const findings = findingsOf(result);
    return {
      statement: statementWithin(result, findings.comparisons),
      conclusion: conclusionOf(result, findings).map(({ text }) => text),
    };
  };
  const problem = (text: string) => ({ text, isProblem: true });

  test('a lost figure comes before “the same”', () =>
    expect(within(['raw', 'koa'], rounds('raw'), withoutRelease(rounds('koa')))).toEqual({
      statement: problem(
        `No full verdict on koa against raw: koa has no release p99, which raw has. If it has too few samples, use a longer --duration. Compared with raw, koa is ${sameBut}.`,
      ),
      conclusion: [expect.stringMatching(/^No full verdict on koa against raw: /)],
    }));

  test('a server without a valid round comes before “the same”', () =>
    expect(
      within(['raw', 'koa', 'h3'], rounds('raw'), rounds('koa'), rounds('h3', 0, 6)).statement,
    ).toEqual(
      problem(
        `No verdict on h3 against raw: h3 has 0 valid rounds (6 invalid), and verdicts need 6. Compared with raw, koa is ${same}.`,
      ),
    ));

  test('the server to compare with failed', () =>
    expect(
      within(['raw', 'koa', 'h3'], rounds('raw', 0, 0, 6), rounds('koa'), rounds('h3')),
    ).toEqual({
      statement: problem(
        'No verdict on koa and h3 against raw: raw has 0 valid rounds (6 failed), and verdicts need 6.',
      ),
      conclusion: [
        expect.stringMatching(/^raw failed: /),
        'No verdict on koa and h3 against raw: raw has 0 valid rounds (6 failed), and verdicts need 6.',
      ],
    }));

  test('several servers without a verdict', () =>
    expect(
      within(['raw', 'koa', 'h3'], rounds('raw'), rounds('koa', 5, 1), rounds('h3', 4, 2))
        .statement,
    ).toEqual(
      problem(
        'No verdict on koa against raw: koa has 5 valid rounds (1 invalid), and verdicts need 6. Use --rounds 7. 1 other server is also not fully judged.',
      ),
    ));

  test('too few samples: the option that gives more', () => {
    const histogram = createHistogram();
    for (let n = 0; n < 100; n++) histogram.recordNs(1e6);
    const delivery = histogram.encode();
    const few = each([...unsampled('a', 1), ...unsampled('b', 1)], (round) => ({
      ...round,
      histograms: { delivery, arrivalLag: delivery },
    }));
    expect(within(['a', 'b'], few)).toEqual({
      statement: undefined,
      conclusion: [
        expect.stringMatching(
          /^No verdict: none of .* with enough samples\. For more samples of delivery p99, use a longer --duration\. By /,
        ),
      ],
    });
  });
});
