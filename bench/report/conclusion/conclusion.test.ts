import { describe, expect, test } from 'vitest';
import { leakingVerdict } from '../../tests/fixtures/helpers/leaks.ts';
import { named } from '../../tests/fixtures/helpers/reports.ts';
import { failedRound, measuredRound, runResult } from '../../tests/fixtures/helpers/result.ts';
import type { MeasuredRound, RunResult } from '../../result/run-result.ts';
import { notInspected } from '../../result/leak-result.ts';
import { findingsOf, type Baseline } from '../../verdict/findings.ts';
import { leakText } from '../shared/leak-words.ts';
import { answers } from './answers.ts';
import { conclusionOf } from './conclusion.ts';
import { problems } from './problems.ts';

const textsOf = (result: RunResult, baseline?: Baseline) =>
  conclusionOf(result, findingsOf(result, baseline)).map(({ text }) => text);

const doubts = [{ check: 'ports', finding: 'no ports for 3 streams', remedy: 'Use fewer.' }];
const stolen = [{ check: 'stolen time', finding: '20 % stolen', remedy: 'Use another machine.' }];
/** Rounds of a server, with a CPU time per event that varies by `spread` between rounds. */
const rounds = (server: string, count: number, cpuUs = 20, spread = 0.001) =>
  Array.from({ length: count }, (_, n) => {
    const round = measuredRound(server, n + 1);
    const cpuNs = cpuUs * 25e6 * (1 + spread * (n % 3));
    return { ...round, process: { ...round.process!, cpuNs } };
  });
const compared = (servers: string[], ...all: RunResult['rounds'][]) =>
  runResult(servers, all.flat(), { against: servers[0]! });
const outside = (server: string, overrides: Partial<MeasuredRound> = {}) => {
  const { histograms, ...round } = measuredRound(server, 1, { process: null, intervalMs: null });
  const { delivery: _delivery, release: _release, ...known } = histograms;
  return { ...round, histograms: known, ...overrides };
};
/** A round with too few samples of the judged metrics. */
const onlyLag = (server: string) => {
  const { scheduleLag } = outside(server).histograms;
  return outside(server, { histograms: { scheduleLag: scheduleLag! } });
};
/** An outcome of a shutdown, with some streams still open at its end. */
const shutdown = (stillOpen: number) => ({
  kind: 'shutdown' as const,
  streams: 100,
  endedProperly: 100 - stillOpen,
  cut: 0,
  cutInEvent: 0,
  stillOpen,
  retrySeen: 0,
  received: 2_000,
  sent: 2_000,
  lost: 0,
  refusedAfterMs: 5,
  exitAfterMs: 30,
  exitCode: 0,
  signal: null,
  wasKilled: false,
});
/** Servers `s0`, `s1` and so on, with the number of streams still open at each. */
const stopped = (...open: number[]) => {
  const all = open.map((each, n) => measuredRound(`s${n}`, 1, { outcome: shutdown(each) }));
  const servers = all.map(({ server }) => server);
  const { scenario, ...result } = runResult(servers, all, { against: null });
  return {
    ...result,
    scenario: { ...scenario, load: { kind: 'shutdown' as const, graceMs: 1 } },
  };
};
/** The reason for the verdict of the load kind on the first server. */
const kindSentence = (result: RunResult) => findingsOf(result).kindVerdicts[0]!.sentence;
const { counts, process } = measuredRound('koa', 1);

const search = (capacity: RunResult['capacity']) => {
  const { scenario, ...result } = runResult(
    capacity.map(({ server }) => server),
    capacity.map(({ server }) => measuredRound(server, 1)),
    { capacity },
  );
  return {
    ...result,
    scenario: { ...scenario, load: { kind: 'search' as const, of: 'streams' as const } },
  };
};
const sustains = (server: string, most: number) => ({
  server,
  most,
  tooMuch: null,
  reason: null,
  steps: [{ load: most, holds: true, why: '', bottleneck: '' }],
});
/** A server that does not sustain this load, or whose search ended before the lowest load. */
const none = (server: string, tooMuch: number | null) => ({
  server,
  most: null,
  tooMuch,
  reason: null,
  steps:
    tooMuch === null ? [] : [{ load: tooMuch, holds: false, why: 'too slow', bottleneck: 'CPU' }],
});

const died = failedRound('koa', 1).message;
const tooFewRounds =
  'express and koa cannot be told apart with 1 round: verdicts need 6. Add --rounds 6.';
const oneServer =
  'koa: TTFE p99 10.0 ms, delivery p99 10.0 ms, release p99 10.0 ms and CPU per event 20 µs (1 valid round). To judge them, add another server, or keep the result with --save-baseline.';

describe('problems', () => {
  const unexpected = {
    ...leakingVerdict('koa'),
    state: 'unexpected' as const,
    modes: leakingVerdict('koa').modes.map((mode) => ({
      ...mode,
      leaks: [],
      unexpected: ['no events'],
    })),
  };
  const dead = {
    ...notInspected('koa', new Error('exit code 1')),
    state: 'died' as const,
    death: { modes: ['reset'], about: 'reset' },
  };
  const koa = (overrides: Partial<MeasuredRound> = {}, more: Partial<RunResult> = {}) =>
    runResult(['koa'], [measuredRound('koa', 1, overrides)], more);

  const cases: [name: string, result: RunResult, expected: string[]][] = [
    [
      'partial result',
      { ...compared(['express', 'koa'], rounds('express', 1)), status: 'partial' },
      ['Partial result: 1 of 2 rounds.'],
    ],
    [
      'partial result',
      {
        ...compared(['express', 'koa'], rounds('express', 6), rounds('koa', 5)),
        status: 'partial',
      },
      ['Partial result: 11 of 12 rounds.'],
    ],
    [
      'failed rounds',
      compared(['express', 'koa'], rounds('express', 1), [failedRound('koa', 1)]),
      [`koa failed: ${died}. The last output of the server is below.`],
    ],
    [
      'failed rounds',
      runResult(['koa'], [failedRound('koa', 1, { message: 'no stream\n  opened', stderr: [] })]),
      ['koa failed: no stream. Nothing was measured.'],
    ],
    [
      'failed rounds',
      compared(
        ['express', 'koa', 'h3'],
        [failedRound('express', 1), failedRound('koa', 1), failedRound('h3', 1, { message: 'x' })],
      ),
      [
        `express and koa failed: ${died}. 1 other round failed too (h3). Nothing was measured. The last output of the server is below.`,
      ],
    ],
    [
      'failed rounds',
      runResult(['koa'], [measuredRound('koa', 1), failedRound('koa', 2)]),
      [`koa failed in 1 of 2 rounds: ${died}. The last output of the server is below.`, oneServer],
    ],
    [
      'failed rounds',
      runResult(
        ['koa', 'h3'],
        [...rounds('koa', 5), ...rounds('h3', 5), failedRound('koa', 6), failedRound('h3', 6)],
      ),
      [`koa and h3 failed in 2 of 12 rounds: ${died}. The last output of the server is below.`],
    ],
    [
      'failed rounds',
      runResult(
        ['koa', 'h3'],
        [
          ...rounds('koa', 5),
          ...rounds('h3', 4),
          failedRound('koa', 6, { message: 'x' }),
          failedRound('h3', 5),
          failedRound('h3', 6),
        ],
      ),
      [
        `h3 failed in 2 of 6 rounds: ${died}. 1 other round failed too (koa). The last output of the server is below.`,
      ],
    ],
    [
      'invalid',
      koa({ doubts }),
      ['The measured round of koa is invalid: no ports for 3 streams. Use fewer.'],
    ],
    [
      'invalid',
      compared(
        ['express', 'koa'],
        [measuredRound('express', 1, { doubts }), measuredRound('koa', 1, { doubts })],
      ),
      ['All 2 measured rounds of express and koa are invalid: no ports for 3 streams. Use fewer.'],
    ],
    [
      'invalid',
      runResult(
        ['koa', 'h3'],
        [
          measuredRound('koa', 1, { doubts }),
          measuredRound('koa', 2, { doubts: stolen }),
          measuredRound('h3', 1, { doubts: stolen }),
          measuredRound('h3', 2, { doubts: stolen }),
        ],
      ),
      [
        'All 4 measured rounds of koa and h3 are invalid. In 3 of them (koa and h3): 20 % stolen. Use another machine. The other reasons are below.',
      ],
    ],
    [
      'unknown capacity',
      koa(
        {},
        { capacity: [{ server: 'koa', most: null, tooMuch: null, reason: 'why', steps: [] }] },
      ),
      ['The capacity of koa is unknown: why.'],
    ],
    [
      'unknown capacity',
      search([none('koa', null), sustains('h3', 3_000)]),
      [
        'The capacity of koa is unknown: the search ended before it found a limit.',
        'Sustained: h3 3,000 streams.',
      ],
    ],
    [
      'partial result',
      { ...search([none('koa', null)]), status: 'partial' },
      ['Partial result: the search has not ended.'],
    ],
    [
      'no sustained load',
      search([sustains('koa', 2_400), none('h3', 100)]),
      [
        'h3: does not sustain the lowest load, 100 streams (1 of 1 round failed): too slow. Limit reached first: CPU.',
        'Sustained: koa 2,400 streams.',
      ],
    ],
    [
      'no sustained load',
      search([none('koa', 100), none('h3', 100)]),
      [
        'koa: does not sustain the lowest load, 100 streams (1 of 1 round failed): too slow. Limit reached first: CPU. 1 other server is also unable to sustain the lowest load.',
      ],
    ],
    [
      'leak',
      koa({}, { leaks: [leakingVerdict('koa')] }),
      [`koa leaks: ${leakText(leakingVerdict('koa').modes[0]!.leaks[0]!)}.`, oneServer],
    ],
    [
      'leak',
      koa({}, { leaks: [leakingVerdict('koa'), leakingVerdict('h3')] }),
      ['koa and h3 leak after their streams close. The leaks are listed below.', oneServer],
    ],
    [
      'unexpected in the leak check',
      koa({}, { leaks: [unexpected] }),
      ['The leak check of koa failed: no events.', oneServer],
    ],
    [
      'not inspected',
      koa({}, { leaks: [notInspected('koa', new Error('it ended'))] }),
      ['The leak check could not inspect koa: it ended.', oneServer],
    ],
    [
      'died in the leak check',
      koa({}, { leaks: [dead] }),
      ['In the leak check, koa died while clients disconnected (reset).', oneServer],
    ],
    ['verdict of the load kind', stopped(3), [`s0 hangs: ${kindSentence(stopped(3))}.`]],
    ['verdict of the load kind', stopped(3, 0, 4), ['s0 hangs and s2 hangs.']],
    [
      'expectation not met',
      koa({}, { expect: ['cpu < 15µs', 'missing = 0'] }),
      ['koa does not meet cpu < 15µs: 20 µs.', oneServer],
    ],
    [
      'expectation not met',
      koa({}, { expect: ['cpu < 15µs', 'cpu < 10µs'] }),
      ['koa does not meet cpu < 15µs: 20 µs. The same is true of 1 other expectation.', oneServer],
    ],
    [
      'expectation not checked',
      koa({}, { expect: ['delivery.p99.9 < 1s'] }),
      [
        expect.stringMatching(/^delivery\.p99\.9 < 1s could not be checked for koa: .*\.$/),
        oneServer,
      ],
    ],
    [
      'no events',
      koa({ counts: { ...counts, events: 0 } }),
      [
        'No events arrived from koa during the measurement. Use a longer --duration, or check that the server sends events.',
        expect.stringMatching(/^koa: TTFE/),
      ],
    ],
    [
      'failed streams',
      koa({ failures: { stalled: { count: 12, example: '' } } }),
      ['Streams failed: 12 of koa (stalled).', oneServer],
    ],
    [
      'failed streams',
      runResult(
        ['a', 'b', 'c', 'd', 'e'],
        ['a', 'b', 'c', 'd', 'e'].map((server, n) =>
          measuredRound(server, 1, { failures: { stalled: { count: n + 1, example: '' } } }),
        ),
      ),
      ['Streams failed: 1 of a (stalled), 2 of b (stalled), 3 of c (stalled) and 2 more.'],
    ],
    [
      'failed streams',
      koa({
        failures: { refused: { count: 2, example: '' }, stalled: { count: 900, example: '' } },
      }),
      ['Streams failed: 902 of koa (stalled: 900, and 1 other cause).', oneServer],
    ],
    [
      'missing events',
      koa({ counts: { ...counts, missing: 1_200 } }),
      ['Events are missing: up to 1,200 of koa in a round.', oneServer],
    ],
    [
      'held timers',
      koa({ process: { ...process!, held: { timers: 60, sockets: 0 } } }),
      [
        'koa still held timers 3 s after all streams disconnected: a leak. Add --leak-check to find its source line.',
        oneServer,
      ],
    ],
    [
      'held timers',
      runResult(
        ['koa', 'h3'],
        ['koa', 'h3'].map((server) =>
          measuredRound(server, 1, { process: { ...process!, held: { timers: 60, sockets: 0 } } }),
        ),
      ),
      [
        'koa and h3 still held timers 3 s after all streams disconnected: a leak. Add --leak-check to find its source line.',
      ],
    ],
    [
      'excluded rounds',
      runResult(
        ['koa', 'h3'],
        [
          ...rounds('koa', 2),
          measuredRound('koa', 3, { doubts }),
          ...rounds('h3', 1),
          measuredRound('h3', 2, { doubts: stolen }),
          measuredRound('h3', 3, { doubts: stolen }),
        ],
      ),
      [
        '3 of 6 rounds are invalid and excluded (koa and h3). In 2 of them (h3): 20 % stolen. Use another machine. The other reasons are below.',
      ],
    ],
    [
      'excluded rounds',
      runResult(['koa'], [measuredRound('koa', 1), measuredRound('koa', 2, { doubts })]),
      [
        '1 of 2 rounds is invalid and excluded (koa): no ports for 3 streams. Use fewer.',
        oneServer,
      ],
    ],
  ];
  test.each(cases)('%s %#', (_name, result, expected) => expect(textsOf(result)).toEqual(expected));

  test('worse than the baseline', () => {
    const baseline = { ...named(runResult(['koa'], rounds('koa', 6)), 'main'), differences: [] };
    expect(textsOf(runResult(['koa'], rounds('koa', 6, 30)), baseline)).toEqual([
      'Compared with the baseline main, koa is worse in CPU per event (1.50×).',
      'koa: TTFE p99 10.0 ms, delivery p99 10.0 ms, release p99 10.0 ms and CPU per event 30.0 µs (6 valid rounds).',
    ]);
  });

  const testedElsewhere = [
    'unjudged, worse or inconclusive against a baseline',
    'servers without a verdict',
  ];
  test('every case has a test', () => {
    const tested = new Set([...cases.map(([name]) => name), ...testedElsewhere]);
    expect(problems.map(({ name }) => name).filter((name) => !tested.has(name))).toEqual([]);
  });

  test('the two most important problems come first, and no answer follows', () => {
    const result = koa(
      { failures: { stalled: { count: 1, example: '' } }, counts: { ...counts, missing: 5 } },
      { expect: ['cpu < 15µs'] },
    );
    expect(textsOf(result)).toEqual([
      'koa does not meet cpu < 15µs: 20 µs.',
      'Streams failed: 1 of koa (stalled).',
    ]);
  });
});

describe('answers', () => {
  const many = ['express', 'a', 'b', 'c', 'd'];

  const cases: [name: string, result: RunResult, expected: string][] = [
    [
      'capacity',
      search([sustains('koa', 2_400)]),
      'koa: sustains 2,400 streams (1 of 1 round); higher loads were not tried.',
    ],
    [
      'capacity',
      search([sustains('koa', 2_400), sustains('h3', 3_000)]),
      'Sustained: koa 2,400 streams and h3 3,000 streams.',
    ],
    [
      'verdicts between servers',
      compared(['express', 'koa'], rounds('express', 1), rounds('koa', 1)),
      tooFewRounds,
    ],
    [
      'verdicts between servers',
      compared(many, ...many.map((server) => rounds(server, 3))),
      'The 5 servers cannot be ranked with 3 rounds: verdicts need 6. Add --rounds 6.',
    ],
    [
      'verdicts between servers',
      compared(
        ['express', 'koa', 'h3'],
        rounds('express', 6),
        rounds('koa', 6, 30),
        rounds('h3', 6, 10),
      ),
      'Compared with express, koa is worse in CPU per event (1.50×); h3 is better in CPU per event (0.50×).',
    ],
    [
      'verdicts between servers',
      compared(['express', 'koa'], rounds('express', 6), rounds('koa', 6)),
      'Compared with express, koa is the same in delivery p99, release p99, CPU per event and memory per stream.',
    ],
    [
      'verdicts between servers',
      compared(['express', 'koa'], rounds('express', 6), rounds('koa', 6, 20, 0.2)),
      expect.stringMatching(
        /^Compared with express, koa is inconclusive in CPU per event\. To decide more, use about --rounds \d+\.$/,
      ),
    ],
    [
      'verdicts between servers',
      compared(
        many,
        rounds('express', 6),
        rounds('a', 6, 30),
        rounds('b', 6, 40),
        rounds('c', 6, 10),
        rounds('d', 6),
      ),
      'Compared with express, 2 of 4 servers are worse in CPU per event (up to 2.00×: b). 1 of 4 servers is better in CPU per event (down to 0.50×: c).',
    ],
    [
      'verdicts between servers',
      compared(many, ...many.map((server) => rounds(server, 6))),
      'Compared with express, all 4 servers are the same in delivery p99, release p99, CPU per event and memory per stream.',
    ],
    [
      'no verdict possible',
      compared(['a', 'b'], [onlyLag('a'), onlyLag('b')]),
      'No verdict: none of the judged metrics (headers p50, TTFE p50, event gap p95 and delivery p99) is available for both with enough samples. By schedule lag p99: a 10.0 ms and b 10.0 ms.',
    ],
    [
      'verdicts between servers',
      compared(
        ['http://a/', 'http://b/'],
        ['http://a/', 'http://b/'].flatMap((server) =>
          [1, 2, 3, 4, 5, 6].map((round) => outside(server, { round })),
        ),
      ),
      'Compared with http://a/, http://b/ is the same in headers p50, TTFE p50 and event gap p95.',
    ],
    ['one server', runResult(['koa'], [measuredRound('koa', 1)]), oneServer],
    [
      'one server',
      runResult(['http://a/'], [outside('http://a/')]),
      'http://a/: headers p95 10.0 ms, TTFE p95 10.0 ms, event gap p95 10.0 ms and event gap p99 10.0 ms (1 valid round). To judge them, add another server, or keep the result with --save-baseline.',
    ],
  ];
  test.each(cases)('%s %#', (_name, result, expected) =>
    expect(textsOf(result)).toEqual([expected]),
  );

  test('a server with too few valid rounds', () => {
    const koa = rounds('koa', 6).map((round) => (round.round === 6 ? { ...round, doubts } : round));
    expect(textsOf(compared(['express', 'koa'], rounds('express', 6), koa))).toEqual([
      'No verdict on koa against express: koa has 5 valid rounds (1 invalid), and verdicts need 6. Use --rounds 7.',
      '1 of 12 rounds is invalid and excluded (koa): no ports for 3 streams. Use fewer.',
    ]);
  });

  test('a clean shutdown', () => {
    const one = stopped(0);
    expect(textsOf(one)).toEqual([`s0: clean: ${kindSentence(one)}.`]);
    expect(textsOf(stopped(0, 0))).toEqual(['s0 and s1: clean.']);
  });

  test('finite streams', () => {
    const answered = (count: number) => ({
      answered: count,
      overMs: 1_000,
      cpuNs: 1e9,
      cpuOverMs: 1_000,
    });
    const finite = (server: string, count: number) =>
      outside(server, {
        outcome: { kind: 'finite', streams: answered(count), plain: answered(2 * count) },
        histograms: {},
      });
    const { scenario, ...result } = compared(
      ['koa', 'h3'],
      [finite('koa', 900), finite('h3', 1_200)],
    );
    const load = { kind: 'finite' as const, eventsEach: 10 };
    expect(textsOf({ ...result, scenario: { ...scenario, load } })).toEqual([
      'No verdict: none of the judged metrics (headers p50, TTFE p50, event gap p95 and delivery p99) is available for both with enough samples. By streams opened and closed: h3 1,200/s and koa 900/s.',
    ]);
  });

  test('the same as the baseline', () => {
    const result = runResult(['koa'], rounds('koa', 6));
    const baseline = { ...named(result, 'main'), differences: ['cores: 2 and 4'] };
    expect(textsOf(result, baseline)).toEqual([
      'Compared with the baseline main, koa is the same in delivery p99, release p99, CPU per event and memory per stream. The conditions differ, so the servers may not be the cause.',
    ]);
  });

  test('too few rounds for a verdict against the baseline', () => {
    const result = runResult(['koa'], rounds('koa', 2));
    const baseline = { ...named(result, 'main'), differences: [] };
    expect(textsOf(result, baseline)).toEqual([
      'No verdict on koa against the baseline main: each has 2 valid rounds, and verdicts need 6. Measure both again with --rounds 6.',
      expect.stringMatching(/^koa: TTFE p99 .* \(2 valid rounds\)\.$/),
    ]);
  });

  test('every case has a test', () => {
    const tested = new Set(cases.map(([name]) => name));
    expect(answers.map(({ name }) => name).filter((name) => !tested.has(name))).toEqual([
      'passed verdict of the load kind',
      'verdict against a baseline',
    ]);
  });
});

test('an empty result has no conclusion', () =>
  expect(textsOf(runResult(['koa'], []))).toEqual([]));
