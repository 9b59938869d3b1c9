import { describe, expect, test } from 'vitest';
import { failedRound, measuredRound, runResult } from '../fixtures/result.ts';
import { metrics } from '../measure/metrics.ts';
import { markdownReport } from './markdown.ts';
import { roundLine } from './progress.ts';
import { comparisonSection } from './readme.ts';
import { terminalReport } from './terminal.ts';

const result = runResult(
  ['express', 'hono', 'koa'],
  [
    measuredRound('express', 1),
    measuredRound('hono', 1, { failures: { 'connection reset': { count: 12, example: 'read ECONNRESET' } } }),
    failedRound('koa', 1),
  ],
);
const plain = { width: Infinity, style: (_format: unknown, text: string) => text };

describe('on the terminal', () => {
  test('a row for each server, in the order of the run, and what went wrong below', () => {
    const lines = terminalReport(result, plain).split('\n');
    expect(lines[0]).toMatch(/^server +TTFE p99 +delivery p99 +release p99 +CPU per event +memory per stream +timers held +failed +missing$/);
    expect(lines[1]).toMatch(/^ +ms +ms +ms +µs +KB$/);
    expect(lines[2]).toMatch(/^express( +10\.0){3} +20 +6 +0 +0 +0$/);
    expect(lines[3]).toMatch(/^hono .* 12 +0$/);
    expect(lines[4]).toMatch(/^koa( +failed){8}$/);
    expect(lines).toContain('hono: 12 streams failed: connection reset (read ECONNRESET)');
    expect(lines).toContain('koa, round 1, failed in phase “ramp”: the server died: exit code 7');
    expect(lines).toContain('    out of luck');
  });

  test('fits the width that there is', () => {
    const table = terminalReport(result, { ...plain, width: 80 }).split('\n\nFigures')[0]!;
    for (const line of table.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  test('says what is wrong beside the figures', () => {
    const { counts, process } = measuredRound('koa', 1);
    const odd = measuredRound('koa', 1, {
      counts: { ...counts, ended: 3, missing: 1_200, events: 0 },
      process: { ...process!, held: { timers: 60, sockets: 2 } },
    });
    const report = terminalReport(runResult(['koa'], [odd]), plain);
    for (const remark of ['ended up to 3 streams', '1,200 events of a round are missing', 'still held 60 timers', 'still held 2 sockets', 'no event came']) {
      expect(report).toContain(`koa: `);
      expect(report).toContain(remark);
    }
  });

  describe('an invalid round', () => {
    const doubts = [{ check: 'ports', finding: 'the load ran out of ports for 3 streams', remedy: 'Ask for fewer.' }];
    const slow = { doubts, durationMs: 5_000 };

    test('is left out where there are others, and named', () => {
      const report = terminalReport(runResult(['koa'], [measuredRound('koa', 1), measuredRound('koa', 2, slow)]), plain);
      expect(report).toMatch(/^koa /m);
      expect(report).toContain('Figures of one round.');
      expect(report).toContain('koa, round 2: invalid and left out: the load ran out of ports for 3 streams. Ask for fewer.');
    });

    test('marks its server where there is no other, in every report', () => {
      const invalid = runResult(['koa', 'h3'], [measuredRound('koa', 1, slow), measuredRound('koa', 2, slow), measuredRound('h3', 1)]);
      const report = terminalReport(invalid, plain);
      expect(report).toMatch(/^koa \(invalid\) /m);
      expect(report).toMatch(/^h3  /m);
      expect(report).toContain('koa, rounds 1, 2: invalid: the load ran out of ports for 3 streams. Ask for fewer.');
      const page = markdownReport(invalid);
      expect(page).toContain('| koa (invalid) |');
      expect(page).toContain('## What is not to be believed\n\n- koa, rounds 1, 2: invalid: the load ran out');
      expect(comparisonSection(invalid)).toContain('| koa (invalid) |');
    });

    test('is named in the line that tells of its end', () => {
      expect(roundLine(measuredRound('koa', 2, slow), 2, 4)).toMatch(/^\[2\/4\] koa, round 2: .*; invalid: the load ran out of ports/);
      expect(roundLine(measuredRound('koa', 2), 2, 4)).not.toContain('invalid');
    });
  });

  test('odd events are named, with an example', () => {
    const odd = measuredRound('koa', 1, { oddities: { 'not UTF-8': { count: 7, example: 'caf\ufffd' } } });
    expect(terminalReport(runResult(['koa'], [odd]), plain)).toContain('koa: 7 events were odd: not UTF-8 (caf\ufffd)');
  });

  test('an interrupted server did not fail', () => {
    const report = terminalReport(runResult(['koa'], [failedRound('koa', 1, { message: 'interrupted' })]), plain);
    expect(report).toMatch(/^koa( +interrupted){8}$/m);
    expect(report).toContain('Nothing was measured.');
    expect(report).toContain('koa, round 1, was interrupted in phase “ramp”');
  });

  test('says that a result is partial', () => {
    expect(terminalReport({ ...result, status: 'partial' }, plain)).toContain('partial: 3 of 3 rounds are in it');
  });
});

describe('in Markdown', () => {
  const report = markdownReport(result);

  test('every metric has its definition, and everything that produced the result is there', () => {
    for (const { definition } of metrics) expect(report).toContain(definition);
    for (const part of ['npm run bench -- --seed 1', 'express 5.3.0', 'Node 26.10.0', 'abc1234', 'Some CPU', 'out of luck']) {
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
    const round = failedRound(hostile, 1, { message: hostile, stderr: [hostile], failures: { [hostile]: { count: 1, example: hostile } } });
    const text = markdownReport(runResult([hostile], [round], { name: hostile }));
    expect(text.split('\n').filter((line) => line.startsWith('# '))).toHaveLength(1);
    expect(text).not.toContain('\u001b');
    const outsideCode = text.split('\n').filter((line) => !line.startsWith('    ')).join('\n');
    expect(outsideCode).not.toMatch(/(?<!\\)[<`[]/);
  });
});
