import { describe, expect, test } from 'vitest';
import { markdownOf, pageOf, readmeOf, terminalOf } from '../tests/fixtures/helpers/reports.ts';
import { failedRound, measuredRound, runResult } from '../tests/fixtures/helpers/result.ts';
import { createHistogram } from '../measure/histogram.ts';
import { metrics } from '../metrics/metrics.ts';
import type { RunResult } from '../result/run-result.ts';
import { roundLine } from './terminal/progress.ts';

const result = runResult(
  ['express', 'hono', 'koa'],
  [
    measuredRound('express', 1),
    measuredRound('hono', 1, {
      failures: { 'connection reset': { count: 12, example: 'read ECONNRESET' } },
    }),
    failedRound('koa', 1),
  ],
);
/** A histogram of 100 equal durations. */
function durations(timeMs: number): string {
  const histogram = createHistogram();
  for (let n = 0; n < 100; n++) histogram.recordNs(timeMs * 1e6);
  return histogram.encode();
}
const plain = { width: Infinity, style: (_format: unknown, text: string) => text };

describe('compressed streams', () => {
  const encodings = { gzip: { streams: 500, sentBytes: 2 ** 20, decodedBytes: 4 * 2 ** 20 } };
  const compressed = runResult(
    ['koa', 'hono'],
    [
      measuredRound('koa', 1, { encodings }),
      measuredRound('koa', 2, { encodings }),
      failedRound('hono', 1, { encodings: { br: { streams: 1, sentBytes: 0, decodedBytes: 0 } } }),
    ],
  );
  const lines = [
    'koa: 1,000 streams were compressed (gzip): 8 MB of events in 2 MB',
    'hono: 1 stream was compressed (br): 0 MB of events in 0 MB',
  ];

  test.each([
    ['the terminal', (of: RunResult) => terminalOf(of, plain)],
    ['the Markdown page', (of: RunResult) => markdownOf(of).replaceAll('\\', '')],
    ['the HTML page', (of: RunResult) => pageOf(of)],
  ])('%s says which, and how many', (_where, report) => {
    for (const line of lines) expect(report(compressed)).toContain(line);
    expect(report(result)).not.toContain('compressed (');
  });
});

describe('on the terminal', () => {
  test('a row for each server, in the order of the run, and what went wrong below', () => {
    const lines = terminalOf(result, plain).split('\n');
    expect(lines[0]).toMatch(
      /^server +TTFE p99 +delivery p99 +release p99 +CPU per event +memory per stream +timers held +failed +missing$/,
    );
    expect(lines[1]).toMatch(/^ +ms +ms +ms +µs +KB$/);
    expect(lines[2]).toMatch(/^express( +10\.0){3} +20 +6 +0 +0 +0$/);
    expect(lines[3]).toMatch(/^hono .* 12 +0$/);
    expect(lines[4]).toMatch(/^koa( +failed){8}$/);
    expect(lines).toContain('hono: 12 streams failed: connection reset (read ECONNRESET)');
    expect(lines).toContain(
      'koa, round 1, failed in phase “ramp”: the server ended unexpectedly: exit code 7',
    );
    expect(lines).toContain('    out of luck');
  });

  test('fits the width that there is', () => {
    const table = terminalOf(result, { ...plain, width: 80 }).split('\n\nFigures')[0]!;
    for (const line of table.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  test('says what is wrong beside the figures', () => {
    const { counts, process } = measuredRound('koa', 1);
    const round = measuredRound('koa', 1, {
      counts: { ...counts, ended: 3, missing: 1_200, events: 0 },
      process: { ...process!, held: { timers: 60, sockets: 2 } },
    });
    const report = terminalOf(runResult(['koa'], [round]), plain);
    for (const remark of [
      'ended up to 3 streams',
      '1,200 events of a round are missing',
      'still held 60 timers',
      'still held 2 sockets',
      'no event came',
    ]) {
      expect(report).toContain(`koa: `);
      expect(report).toContain(remark);
    }
  });

  describe('an invalid round', () => {
    const doubts = [
      {
        check: 'ports',
        finding: 'the load ran out of ports for 3 streams',
        remedy: 'Ask for fewer.',
      },
    ];
    const slow = { doubts, durationMs: 5_000 };

    test('is left out where there are others, and named', () => {
      const report = terminalOf(
        runResult(['koa'], [measuredRound('koa', 1), measuredRound('koa', 2, slow)]),
        plain,
      );
      expect(report).toMatch(/^koa /m);
      expect(report).toContain('Figures of one round.');
      expect(report).toContain(
        'koa, round 2: invalid and left out: the load ran out of ports for 3 streams. Ask for fewer.',
      );
    });

    test('marks its server where there is no other, in every report', () => {
      const invalid = runResult(
        ['koa', 'h3'],
        [measuredRound('koa', 1, slow), measuredRound('koa', 2, slow), measuredRound('h3', 1)],
      );
      const report = terminalOf(invalid, plain);
      expect(report).toMatch(/^koa \(invalid\) /m);
      expect(report).toMatch(/^h3  /m);
      expect(report).toContain(
        'koa, rounds 1, 2: invalid: the load ran out of ports for 3 streams. Ask for fewer.',
      );
      const page = markdownOf(invalid);
      expect(page).toContain('| koa (invalid) |');
      expect(page).toContain(
        '## What is not to be believed\n\n- koa, rounds 1, 2: invalid: the load ran out',
      );
      expect(readmeOf(invalid)).toContain('| koa (invalid) |');
    });

    test('is named in the line that tells of its end', () => {
      expect(roundLine(measuredRound('koa', 2, slow), 2, 4)).toMatch(
        /^\[2\/4\] koa, round 2: .*; invalid: the load ran out of ports/,
      );
      expect(roundLine(measuredRound('koa', 2), 2, 4)).not.toContain('invalid');
    });
  });

  test('a server whose events come some at a time: how many, and what that adds', () => {
    const { histograms, counts } = measuredRound('koa', 1);
    const collected = (perRead: number, deliveryMs: number, olderMs: number) => {
      const reads = { ...counts, reads: Math.round(counts.events / perRead) };
      return terminalOf(
        runResult(
          ['koa'],
          [
            measuredRound('koa', 1, {
              counts: reads,
              histograms: {
                ...histograms,
                delivery: durations(deliveryMs),
                coalescing: durations(olderMs),
              },
            }),
          ],
        ),
        plain,
      );
    };
    expect(collected(10, 450, 450)).toContain(
      'koa: events come 10 at a time, the first up to 450 ms older than the last (p90): the server, or a proxy on the way, collects them',
    );
    // One event per read; a few events with equal stamps; full buffers.
    for (const report of [
      collected(1, 450, 450),
      collected(10, 450, 4),
      collected(2_000, 10_000, 400),
    ])
      expect(report).not.toContain('at a time');
  });

  test('unexpected events are named, with an example', () => {
    const round = measuredRound('koa', 1, {
      unexpectedEvents: { 'not UTF-8': { count: 7, example: 'caf\ufffd' } },
    });
    expect(terminalOf(runResult(['koa'], [round]), plain)).toContain(
      'koa: 7 events were unexpected: not UTF-8 (caf\ufffd)',
    );
  });

  test('an interrupted server did not fail', () => {
    const report = terminalOf(
      runResult(['koa'], [failedRound('koa', 1, { message: 'interrupted' })]),
      plain,
    );
    expect(report).toMatch(/^koa( +interrupted){8}$/m);
    expect(report).toContain('Nothing was measured.');
    expect(report).toContain('koa, round 1, was interrupted in phase “ramp”');
  });

  test('says that a result is partial', () => {
    expect(terminalOf({ ...result, status: 'partial' }, plain)).toContain(
      'partial: its last round was ended early',
    );
  });
});

describe('in Markdown', () => {
  const report = markdownOf(result);

  test('every metric has its definition, and everything that produced the result is there', () => {
    for (const { only, definition } of metrics)
      expect(report.includes(definition)).toBe(only === undefined);
    for (const part of [
      'npm run bench -- --seed 1',
      'express 5.3.0',
      'Node 26.10.0',
      'abc1234',
      'Some CPU',
      'out of luck',
    ]) {
      expect(report).toContain(part);
    }
  });

  test('every row of a table has as many cells as its title', () => {
    const widths = report
      .split('\n\n')
      .filter((block) => block.startsWith('|'))
      .map((table) => new Set(table.split('\n').map((row) => row.split('|').length)).size);
    expect(widths.length).toBeGreaterThan(8);
    expect(new Set(widths)).toEqual(new Set([1]));
  });

  test('text of servers stays text', () => {
    const hostile = '<script>alert(1)</script> | `x` [a](http://evil) \n# heading \u001b[31m';
    const round = failedRound(hostile, 1, {
      message: hostile,
      stderr: [hostile],
      failures: { [hostile]: { count: 1, example: hostile } },
    });
    const text = markdownOf(runResult([hostile], [round], { name: hostile }));
    expect(text.split('\n').filter((line) => line.startsWith('# '))).toHaveLength(1);
    expect(text).not.toContain('\u001b');
    const outsideCode = text
      .split('\n')
      .filter((line) => !line.startsWith('    '))
      .join('\n');
    expect(outsideCode).not.toMatch(/(?<!\\)[<`[]/);
  });
});

describe('servers against one of them', () => {
  const rounds = (server: string, cpuUs: number, count = 6) =>
    Array.from({ length: count }, (_, n) => {
      const round = measuredRound(server, n + 1);
      return {
        ...round,
        process: { ...round.process!, cpuNs: cpuUs * 25e6 * (1 + 0.01 * (n % 3)) },
      };
    });
  const scattered = rounds('h3', 20).map((round, n) => ({
    ...round,
    process: { ...round.process, cpuNs: 500e6 * (1 + 0.2 * (n % 3)) },
  }));
  const against = (...all: RunResult['rounds']) =>
    runResult(['express', 'hono', 'h3'], [...rounds('express', 20), ...all], {
      against: 'express',
    });
  const judged = against(...rounds('hono', 28), ...scattered);

  test('on the terminal: a table of ratios and verdicts, and what is still open', () => {
    const [, below] = terminalOf(judged, plain).split('\nAgainst express\n');
    const lines = below!.split('\n');
    expect(lines[0]).toMatch(
      /^server +delivery p99 +release p99 +CPU per event +memory per stream$/,
    );
    expect(lines[1]).toMatch(
      /^hono +1\.00× \(1\.00–1\.00\) same +1\.00× \(1\.00–1\.00\) same +1\.40× \(1\.3\d–1\.4\d\) worse +1\.00× \(1\.00–1\.00\) same$/,
    );
    expect(lines[2]).toMatch(/^h3 .* inconclusive /);
    expect(lines).toContainEqual(
      expect.stringMatching(
        /^A ratio is that of all rounds together; in brackets its 95 % interval, over rounds\. .*The margin is 10 % for delivery p99 and release p99, and 3 % for CPU per event and memory per stream\.$/,
      ),
    );
    expect(lines.filter((line) => line.includes('more rounds of each would tell'))).toEqual([
      expect.stringMatching(/^h3 against express: .*inconclusive in CPU per event \(1\.06×, /),
    ]);
  });

  test('in Markdown: the same, and a sentence for each server', () => {
    const [, below] = markdownOf(judged).split('\n## Against express\n');
    expect(below).toMatch(
      /^\n\| server \| delivery p99 \| release p99 \| CPU per event \| memory per stream \|\n/,
    );
    expect(below).toMatch(
      /\n- hono against express: worse in CPU per event \(1\.40×, 1\.3\d to 1\.4\d\); the same in delivery p99 \(1\.00×, 1\.00 to 1\.00\), release p99 \(.*\) and memory per stream \(.*\)\.\n/,
    );
    expect(below).toMatch(/\n- h3 against express: .*inconclusive in CPU per event/);
  });

  test('of fewer than six rounds: no verdict, and what it takes', () => {
    const few = runResult(
      ['express', 'hono'],
      [...rounds('express', 20, 3), ...rounds('hono', 28, 3)],
      { against: 'express' },
    );
    const report = terminalOf(few, plain);
    expect(report).toContain(
      'To say which servers differ takes 6 valid rounds of each at least: --rounds 6.',
    );
    expect(report).not.toMatch(/×|worse|better/);
    expect(markdownOf(few)).toContain(
      '- hono against express: no verdict from 3 valid rounds of the candidate; it takes 6 of each.',
    );
  });

  test('rounds that were lost are told of', () => {
    const doubts = [{ check: 'ports', finding: 'none left', remedy: 'Fewer.' }];
    const lost = against(
      ...rounds('hono', 28, 7).map((round) => (round.round === 7 ? { ...round, doubts } : round)),
      ...rounds('h3', 20, 5),
      failedRound('h3', 6),
    );
    const report = terminalOf(lost, plain);
    expect(report).toContain('\nRounds of hono that were left out: 1 invalid.');
    expect(report).toContain('\nRounds of h3 that were left out: 1 failed.');
    expect(report).toContain(
      '\nh3 against express: no verdict from 5 valid rounds of the candidate; it takes 6 of each.',
    );
  });

  test('nothing of a run of one server', () =>
    expect(terminalOf(runResult(['koa'], rounds('koa', 20)), plain)).not.toContain('Against'));
});

test('what was expected is told of each server, and in what it was found', () => {
  const expected = runResult(
    ['koa', 'h3'],
    [measuredRound('koa', 1), measuredRound('h3', 1, { process: null })],
    { expect: ['cpu < 15µs', 'missing = 0', 'delivery.p99.9 < 1s'] },
  );
  const lines = [
    'koa: cpu < 15µs does not hold: 20 µs',
    'koa: missing = 0 holds: 0',
    'koa: delivery.p99.9 < 1s is not shown to hold: too few samples',
    'h3: cpu < 15µs is not shown to hold: not available for this server',
  ];
  const [report, page] = [terminalOf(expected, plain), markdownOf(expected)];
  for (const line of lines) {
    expect(report).toContain(`\n${line}`);
    expect(page).toContain(`- ${line.replaceAll('<', '\\<')}`);
  }
  expect(
    terminalOf(expected, { ...plain, style: (format, text) => `<${String(format)}>${text}` }),
  ).toMatch(/<red>koa: cpu.*\n<green>koa: missing/);
});
