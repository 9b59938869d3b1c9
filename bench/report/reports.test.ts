import { describe, expect, test } from 'vitest';
import { markdownOf, pageOf, readmeOf, terminalOf } from '../tests/fixtures/helpers/reports.ts';
import { leakingVerdict } from '../tests/fixtures/helpers/leaks.ts';
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
const died = failedRound('koa', 1).message;
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
  ])('%s lists them by encoding', (_where, report) => {
    for (const line of lines) expect(report(compressed)).toContain(line);
    expect(report(result)).not.toContain('compressed (');
  });
});

describe('on the terminal', () => {
  test('has the conclusion, a row for each server in the order of the run, and the problems', () => {
    const [first, second, , ...lines] = terminalOf(result, plain).split('\n');
    expect(first).toBe(`koa failed: ${died}. The last output of the server is below.`);
    expect(second).toBe('Streams failed: 12 of hono (connection reset).');
    expect(lines[0]).toMatch(
      /^server +TTFE p99 +delivery p99 +release p99 +CPU per event +memory per stream +timers held +failed +missing$/,
    );
    expect(lines[1]).toMatch(/^ +ms +ms +ms +µs +KB$/);
    expect(lines[2]).toMatch(/^express( +10\.0){3} +20 +6 +0 +0 +0$/);
    expect(lines[3]).toMatch(/^hono .* 12 +0$/);
    expect(lines[4]).toMatch(/^koa( +failed){8}$/);
    expect(lines).toContain('hono: 12 streams failed: connection reset (read ECONNRESET)');
    expect(lines).toContain(`koa: round 1 failed (phase: ramp): ${died}`);
    expect(lines).toContain('    out of luck');
  });

  test('has a table that fits the width of the terminal', () => {
    const parts = terminalOf(result, { ...plain, width: 80 }).split('\n\n');
    const blocks = parts.filter((part) => part.startsWith('server '));
    expect(blocks.length).toBeGreaterThan(1);
    for (const line of blocks.flatMap((block) => block.split('\n')))
      expect(line.length).toBeLessThanOrEqual(80);
  });

  test('one server whose columns do not fit has a row for each metric', () => {
    const url = 'http://127.0.0.1:3000/event';
    const one = runResult([url], [measuredRound(url, 1, { process: null, intervalMs: null })]);
    const [, table] = terminalOf(one, { ...plain, width: 100 }).split('\n\n');
    expect(table!.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      [url],
      ['headers p50, ms', '5.00'],
      ['headers p95, ms', '10.0'],
      ['TTFE p50, ms', '5.00'],
      ['TTFE p95, ms', '10.0'],
      ['event gap p50, ms', '5.00'],
      ['event gap p95, ms', '10.0'],
      ['event gap p99, ms', '10.0'],
      ['longest silence, ms', '10.0'],
      ['schedule lag p99, ms', '10.0'],
      ['delivery p99, ms', '10.0'],
      ['fan-out p50, ms', '5.00'],
      ['fan-out max, ms', '10.0'],
      ['events per read', '1'],
      ['events, /s', '10,000'],
      ['failed', '0'],
      ['missing', '0'],
    ]);
    expect(terminalOf(one, plain)).toMatch(/^server +headers p50 .* missing$/m);
  });

  test('leaves out columns that no server has, and explains dashes', () => {
    const [own, url] = [measuredRound('koa', 1), measuredRound('http://a/', 1, { process: null })];
    const both = terminalOf(runResult(['koa', 'http://a/'], [own, url]), plain);
    expect(both).toMatch(/^server .*CPU per event/m);
    expect(both).toContain('\n–: not available for this server.\n');
    const outside = terminalOf(runResult(['http://a/'], [url]), plain);
    expect(outside).not.toContain('CPU per event');
    expect(outside).not.toContain('–: not available');
  });

  test('too few samples: how many there are, and the option that adds them', () => {
    const few = { histograms: { timeToFirstEvent: durations(1), delivery: durations(1) } };
    const report = terminalOf(runResult(['koa'], [measuredRound('koa', 1, few)]), plain);
    expect(report).toMatch(/^koa +too few +too few /m);
    expect(report).toContain(
      '\nToo few samples for TTFE p99: 100 of 1,000; use --streams 10000.\nToo few samples for delivery p99: 100 of 1,000; use --duration 28s.\n',
    );
  });

  test('lists the problems of a server', () => {
    const { counts, process } = measuredRound('koa', 1);
    const round = measuredRound('koa', 1, {
      counts: {
        ...counts,
        ended: 3,
        missing: 1_200,
        duplicate: 1_300,
        outOfOrder: 1_400,
        events: 0,
        reconnecting: 1,
        lost: 2,
        unnumberedReconnects: 2,
      },
      process: { ...process!, held: { timers: 60, sockets: 2 } },
    });
    const report = terminalOf(runResult(['koa'], [round]), plain);
    for (const remark of [
      'ended streams before the clients disconnected, 3 in the worst round',
      'up to 1,200 events are missing in a round',
      'up to 1,300 events arrived again in a round',
      'up to 1,400 events were out of order in a round',
      'events missed or doubled over reconnects are unknown',
      'still held 60 timers',
      'still held 2 sockets',
      'no events arrived',
    ]) {
      expect(report).toContain(`koa: `);
      expect(report).toContain(remark);
    }
  });

  test('has one line for rounds that failed alike, and another line for another cause', () => {
    const alike = [1, 2, 4].map((n) => failedRound('koa', n, { message: 'x', stderr: ['boom'] }));
    const mixed = runResult(['koa'], [...alike, failedRound('koa', 3, { message: 'y' })]);
    const report = terminalOf(mixed, plain);
    expect(report).toMatch(/^koa: rounds 1, 2 and 4 failed \(phase: \w+\): x\n {4}boom$/m);
    expect(report).toMatch(/^koa: round 3 failed \(phase: \w+\): y$/m);
    expect(report.match(/boom/g)).toHaveLength(1);
  });

  test('says once why a server was measured without the inspector, and shows no zeros', () => {
    const { process } = measuredRound('own', 1);
    const unknown = { heapBytes: null, rssBytes: 80 * 2 ** 20 };
    const outside = {
      ...process!,
      before: unknown,
      loaded: unknown,
      held: { timers: null, sockets: 0 },
      inspection: 'outside' as const,
      why: 'python3 is neither Node nor Deno',
    };
    const rounds = [1, 2].map((n) => measuredRound('own', n, { process: outside }));
    const report = terminalOf(runResult(['own'], rounds), plain);
    expect(report.match(/: python3 is neither Node nor Deno/g)).toHaveLength(1);
    expect(report).not.toContain('memory per stream');
    expect(report).toContain('RSS per stream');
    expect(report).not.toMatch(/^server .*timers held/m);
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

    test('is excluded if there are valid ones, and listed', () => {
      const report = terminalOf(
        runResult(['koa'], [measuredRound('koa', 1), measuredRound('koa', 2, slow)]),
        plain,
      );
      expect(report).toMatch(/^koa /m);
      expect(report).toContain('Figures of 1 round.');
      expect(report).toContain(
        'koa: round 2 invalid and excluded: the load ran out of ports for 3 streams. Ask for fewer.',
      );
    });

    test('marks its server if there is no valid one, in every report', () => {
      const invalid = runResult(
        ['koa', 'h3'],
        [measuredRound('koa', 1, slow), measuredRound('koa', 2, slow), measuredRound('h3', 1)],
      );
      const report = terminalOf(invalid, plain);
      expect(report).toMatch(/^koa \(invalid\) /m);
      expect(report).toMatch(/^h3  /m);
      expect(report).toContain(
        'koa: rounds 1 and 2 invalid: the load ran out of ports for 3 streams. Ask for fewer.',
      );
      const page = markdownOf(invalid);
      expect(page).toContain('| koa (invalid) |');
      expect(page).toContain(
        '## Invalid rounds\n\n- koa: rounds 1 and 2 invalid: the load ran out',
      );
      expect(readmeOf(invalid)).toContain('| koa (invalid) |');
    });

    test('is marked in the progress line of its end', () => {
      expect(roundLine(measuredRound('koa', 2, slow), 2, 4)).toMatch(
        /^\[2\/4\] koa, round 2: .*; invalid: the load ran out of ports/,
      );
      expect(roundLine(measuredRound('koa', 2), 2, 4)).not.toContain('invalid');
    });
  });

  test('names a server whose events arrive several at a time, and the delay', () => {
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
      'koa: events arrive 10 at a time, the first up to 450 ms older than the last (p90): the server, or a proxy, collects them',
    );
    // One event per read; a few events with equal stamps; full buffers.
    for (const report of [
      collected(1, 450, 450),
      collected(10, 450, 4),
      collected(2_000, 10_000, 400),
    ])
      expect(report).not.toContain('at a time');
  });

  test('names unexpected events, with an example', () => {
    const round = measuredRound('koa', 1, {
      unexpectedEvents: { 'not UTF-8': { count: 7, example: 'caf\ufffd' } },
    });
    expect(terminalOf(runResult(['koa'], [round]), plain)).toContain(
      'koa: 7 events were unexpected: not UTF-8 (caf\ufffd)',
    );
  });

  test('does not call an interrupted round failed', () => {
    const report = terminalOf(
      runResult(['koa'], [failedRound('koa', 1, { message: 'interrupted' })]),
      plain,
    );
    expect(report).toBe('koa: round 1 was interrupted (phase: ramp)\n    out of luck');
  });

  test('says first that a result is partial', () => {
    expect(terminalOf({ ...result, status: 'partial' }, plain)).toMatch(
      /^Partial result: the last round ended early\.\n/,
    );
  });
});

describe('in Markdown', () => {
  const report = markdownOf(result);

  test('has the definition of every metric, and the conditions of the run', () => {
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

  test('has as many cells in each row as in the title', () => {
    const widths = report
      .split('\n\n')
      .filter((block) => block.startsWith('|'))
      .map((table) => new Set(table.split('\n').map((row) => row.split('|').length)).size);
    expect(widths.length).toBeGreaterThan(8);
    expect(new Set(widths)).toEqual(new Set([1]));
  });

  test('escapes the text of servers', () => {
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

describe('servers compared with one of them', () => {
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

  test('on the terminal: a table of ratios and verdicts, and the inconclusive ones', () => {
    const [, below] = terminalOf(judged, plain).split('\nCompared with express\n');
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
        /^Ratio of all rounds together \(95 % interval\)\. .*Margins: 10 % for delivery p99 and release p99, 3 % for CPU per event and memory per stream\.$/,
      ),
    );
    expect(lines.filter((line) => line.includes('more rounds of each would decide'))).toEqual([
      expect.stringMatching(/^h3 against express: .*inconclusive in CPU per event \(1\.06×, /),
    ]);
  });

  test('in Markdown: the table, and a sentence for each server', () => {
    const [, below] = markdownOf(judged).split('\n## Compared with express\n');
    expect(below).toMatch(
      /^\n\| server \| delivery p99 \| release p99 \| CPU per event \| memory per stream \|\n/,
    );
    expect(below).toMatch(
      /\n- hono against express: worse in CPU per event \(1\.40×, 1\.3\d to 1\.4\d\); the same in delivery p99 \(1\.00×, 1\.00 to 1\.00\), release p99 \(.*\) and memory per stream \(.*\)\.\n/,
    );
    expect(below).toMatch(/\n- h3 against express: .*inconclusive in CPU per event/);
  });

  test('with fewer than six rounds, there is no verdict, and the option is named', () => {
    const few = runResult(
      ['express', 'hono'],
      [...rounds('express', 20, 3), ...rounds('hono', 28, 3)],
      { against: 'express' },
    );
    const report = terminalOf(few, plain);
    expect(report).toContain(
      'express and hono cannot be told apart with 3 rounds: verdicts need 6. Add --rounds 6.',
    );
    expect(report).not.toMatch(/×|worse|better/);
    for (const text of [report, markdownOf(few), pageOf(few)])
      expect(text.split(/need 6/)).toHaveLength(2);
    expect(markdownOf(few)).toContain(
      '**express and hono cannot be told apart with 3 rounds: verdicts need 6. Add --rounds 6.**',
    );
  });

  test('lists excluded rounds', () => {
    const doubts = [{ check: 'ports', finding: 'none left', remedy: 'Fewer.' }];
    const lost = against(
      ...rounds('hono', 28, 7).map((round) => (round.round === 7 ? { ...round, doubts } : round)),
      ...rounds('h3', 20, 5),
      failedRound('h3', 6),
    );
    const report = terminalOf(lost, plain);
    expect(report).toContain('\nExcluded rounds of hono: 1 invalid.');
    expect(report).toContain('\nExcluded rounds of h3: 1 failed.');
    expect(report).toContain(
      '\nh3 against express: no verdict: h3 has 5 valid rounds (1 failed), and verdicts need 6.',
    );
  });

  test.each([
    ['terminal', (all: RunResult) => terminalOf(all, plain)],
    ['Markdown', (all: RunResult) => markdownOf(all).replaceAll('\\', '')],
    ['page', pageOf],
  ])('%s: names the lost figures and the missing verdicts below two problems', (_name, report) => {
    const failures = { stalled: { count: 1, example: '' } };
    const lost = ['express', 'hono', 'h3'].flatMap((server) =>
      rounds(server, 20, server === 'h3' ? 4 : 6).map((round) => {
        const { release: _release, ...histograms } = round.histograms;
        return { ...round, failures, ...(server === 'hono' && { histograms }) };
      }),
    );
    const leaks = [leakingVerdict('hono')];
    const all = report({ ...against(), rounds: lost, leaks, expect: ['cpu < 1µs'] });
    expect(all).toContain(
      'hono against express: no full verdict: hono has no release p99, which express has; the same in',
    );
    expect(all).toContain(
      'h3 against express: no verdict: h3 has 4 valid rounds, and verdicts need 6.',
    );
    const few = report({ ...against(...rounds('hono', 20, 3)), leaks, expect: ['cpu < 1µs'] });
    expect(few).toContain(
      'hono against express: no verdict: hono has 3 valid rounds, and verdicts need 6.',
    );
  });

  test('one server alone is compared with nothing', () =>
    expect(terminalOf(runResult(['koa'], rounds('koa', 20)), plain)).not.toContain('Compared'));
});

test('every expectation has a line for each server, with the value found', () => {
  const expected = runResult(
    ['koa', 'h3'],
    [measuredRound('koa', 1), measuredRound('h3', 1, { process: null })],
    { expect: ['cpu < 15µs', 'missing = 0', 'delivery.p99.9 < 1s'] },
  );
  const lines = [
    'koa: cpu < 15µs does not hold: 20 µs',
    'koa: missing = 0 holds: 0',
    'koa: delivery.p99.9 < 1s could not be checked: too few samples',
    'h3: cpu < 15µs could not be checked: not available for this server',
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
