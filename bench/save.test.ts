import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { failedRound, measuredRound, runResult } from './fixtures/result.ts';
import { runResultSchema } from './result.ts';
import { saveResult } from './save.ts';
import { whyNotWritable } from './writable.ts';

const result = runResult(['express', 'koa'], [measuredRound('express', 1), failedRound('koa', 1)]);

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ssebench-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('is read back as it was, and nothing else is left beside it', () => {
  const target = join(folder, 'deep', 'down');
  saveResult(target, result);
  saveResult(target, { ...result, status: 'partial' });
  expect(readdirSync(target).toSorted()).toEqual(['report.md', 'result.json']);
  const read = runResultSchema.parse(JSON.parse(readFileSync(join(target, 'result.json'), 'utf8')));
  expect(read).toEqual({ ...result, status: 'partial' });
});

test('who reads while it is written again has the old one, whole', () => {
  saveResult(folder, result);
  const reader = openSync(join(folder, 'result.json'), 'r');
  saveResult(folder, { ...result, status: 'partial' });
  expect(JSON.parse(readFileSync(reader, 'utf8'))).toMatchObject({ status: 'complete' });
  closeSync(reader);
});

test('a folder that cannot be written to is known before, and not made', () => {
  writeFileSync(join(folder, 'file'), '');
  mkdirSync(join(folder, 'full'));
  writeFileSync(join(folder, 'full', 'result.json'), '{}');
  expect(whyNotWritable(join(folder, 'new', 'one'))).toBeUndefined();
  expect(existsSync(join(folder, 'new'))).toBe(false);
  expect(whyNotWritable(join(folder, 'file', 'below'))).toBe('cannot be written to (ENOTDIR)');
  expect(whyNotWritable(join(folder, 'full'))).toBe('holds a result already');
  expect(whyNotWritable('/proc/new')).toMatch(/^cannot be written to \(E\w+\)$/);
});
