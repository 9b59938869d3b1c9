import { expect, test } from 'vitest';
import { runResult } from '../tests/fixtures/helpers/result.ts';
import type { MicroResult } from './result.ts';
import { microTable } from './table.ts';

const around = (ns: number) => [0.99, 1, 1.01, 1, 0.995, 1.005].map((factor) => ns * factor);
const row = (name: string, nsPerUnit: number[]) => ({
  group: 'parsing, small',
  name,
  unit: 'events',
  bytesPerUnit: 100,
  nsPerUnit,
});
const result = (...rows: MicroResult['rows']): MicroResult => ({
  schemaVersion: 1,
  startedAt: '2026-01-02T03:04:05.000Z',
  command: '',
  environment: runResult([], []).environment,
  rows,
});

test('shows speeds, and times relative to the first case of the group with an interval', () => {
  const [title, first, second] = microTable(
    result(row('ssebench', around(500)), row('other', around(1_000))),
  ).split('\n');
  expect(title).toMatch(/^case +speed +time relative to the first of its group$/);
  expect(first).toMatch(/^parsing, small: ssebench +2,000k events\/s +191 MB\/s$/);
  expect(second).toMatch(
    /^parsing, small: other +1,000k events\/s +95 MB\/s +2\.00× \((1\.9\d|2\.00)–2\.0\d\)$/,
  );
});

test('relative to an earlier result, a slower case is “worse” and a small difference is “same”', () => {
  const before = result(
    row('ssebench', around(500)),
    row('other', around(1_000)),
    row('gone', around(1)),
  );
  const table = microTable(
    result(row('ssebench', around(600)), row('other', around(1_010)), row('new', around(1))),
    before,
  );
  expect(table).toMatch(/ssebench.* 1\.20× \(.*\) worse\n.*other.* 1\.01× \(.*\) same$/);
  expect(table).not.toMatch(/gone|new/);
});

test('gives no verdict for fewer than six rounds', () => {
  expect(microTable(result(row('ssebench', [500]), row('other', [1_000])))).toContain(
    'needs 6 rounds',
  );
});
