import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import { inspectedMetrics } from '../metrics/metrics.ts';
import { exitCodes } from '../result/exit-codes.ts';
import { measuredRound, runResult } from '../tests/fixtures/helpers/result.ts';
import { save } from '../tests/fixtures/helpers/reports.ts';
import { bootstrapInterval } from '../statistics/bootstrap.ts';
import { findingsOf } from '../verdict/findings.ts';
import { leastRounds } from '../verdict/metric-comparison.ts';
import { reportCommand } from './report.ts';
import { BadInput, type Terminal } from './terminal.ts';

// This is the real function with its calls counted.
vi.mock(import('../statistics/bootstrap.ts'), { spy: true });
// Test files share their modules, and this one needs modules that import the counted function.
vi.hoisted(() => vi.resetModules());
afterAll(() => {
  vi.doUnmock('../statistics/bootstrap.ts');
  vi.resetModules();
});

const result = runResult(['koa'], [measuredRound('koa', 1)]);
let folder = '';
let notes: string[] = [];
const terminal: Terminal = {
  interactive: false,
  width: 80,
  style: (_format, text) => text,
  print: (text) => notes.push(text),
  note: (text) => notes.push(text),
  essential: (text) => notes.push(text),
  progress: () => {},
};
const report = (...names: string[]) => reportCommand({ names, complaints: [] }, terminal);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ssebench-'));
  notes = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

test('creates the reports again from the saved result, and does not change it', () => {
  save(folder, result);
  const saved = readFileSync(join(folder, 'result.json'), 'utf8');
  writeFileSync(join(folder, 'report.md'), 'old');
  expect(report(folder, join(folder, 'result.json'))).toBe(exitCodes.success);
  expect(readdirSync(folder).toSorted()).toEqual(['report.html', 'report.md', 'result.json']);
  expect(readFileSync(join(folder, 'report.md'), 'utf8')).toMatch(/^# /);
  expect(readFileSync(join(folder, 'report.html'), 'utf8')).toMatch(
    /^<!doctype html>\n<html lang="en">/,
  );
  expect(readFileSync(join(folder, 'result.json'), 'utf8')).toBe(saved);
  expect(notes[0]).toMatch(/^Written: .*report\.html \(same folder: report\.md\)\.$/);
});

test('refuses all unreadable results at once, and overwrites nothing', () => {
  const text = JSON.stringify(result);
  const bad = {
    old: text.replace('"schemaVersion":4', '"schemaVersion":3'),
    truncated: text.slice(0, 999),
    foreign: '{"results":[]}',
  };
  for (const [name, content] of Object.entries({ ...bad, good: text })) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'result.json'), content);
    writeFileSync(join(folder, name, 'report.html'), 'mine');
  }
  const refused = () =>
    report(...['good', ...Object.keys(bad), 'nowhere'].map((name) => join(folder, name)));
  expect(refused).toThrow(BadInput);
  expect(refused).toThrow(
    /old: has schema version 3, but this ssebench reads version 4; measure it again\n.*truncated: is not complete JSON.*\n.*foreign: is not a result of ssebench.*\n.*nowhere: no result found/,
  );
  for (const name of ['good', ...Object.keys(bad)]) {
    expect(readFileSync(join(folder, name, 'report.html'), 'utf8')).toBe('mine');
    expect(readdirSync(join(folder, name)).toSorted()).toEqual(['report.html', 'result.json']);
  }
});

test('refuses a call without a result, with an example', () => {
  expect(() => report()).toThrow('no result given; give its folder, such as ');
});

test('computes each interval once for Markdown and page together', () => {
  const servers = ['express', 'koa'];
  const rounds = servers.flatMap((server) =>
    Array.from({ length: leastRounds }, (_, n) => measuredRound(server, n + 1)),
  );
  const compared = runResult(servers, rounds, { against: 'express' });
  save(folder, compared);
  const { figures } = findingsOf(compared);
  const ofCharts = figures.flatMap(({ rows }) => rows).length;
  vi.mocked(bootstrapInterval).mockClear();
  expect(report(folder)).toBe(exitCodes.success);
  expect(bootstrapInterval).toHaveBeenCalledTimes(inspectedMetrics.length + ofCharts);
});
