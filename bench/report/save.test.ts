import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { failedRound, measuredRound, runResult } from '../tests/fixtures/helpers/result.ts';
import { runResultSchema } from '../result/run-result.ts';
import { save } from '../tests/fixtures/helpers/reports.ts';
import { refused, valueOf } from '../scenario/complaint.ts';
import { findingsOf } from '../verdict/findings.ts';
import { saveFormats } from './save.ts';
import { claimFolder, whyNoFileIn, whyNotWritable } from './writable.ts';

const result = runResult(['express', 'koa'], [measuredRound('express', 1), failedRound('koa', 1)]);
const saveAll = (into: string) => saveFormats('end', into, result, findingsOf(result));

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ssebench-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a saved result is read back unchanged, and no other file remains', () => {
  const target = join(folder, 'deep', 'down');
  save(target, result);
  save(target, { ...result, status: 'partial' });
  expect(readdirSync(target).toSorted()).toEqual(['report.md', 'result.json']);
  const read = runResultSchema.parse(JSON.parse(readFileSync(join(target, 'result.json'), 'utf8')));
  expect(read).toEqual({ ...result, status: 'partial' });
});

test('a reader keeps the complete old result while a new one is written', () => {
  save(folder, result);
  const reader = openSync(join(folder, 'result.json'), 'r');
  save(folder, { ...result, status: 'partial' });
  expect(JSON.parse(readFileSync(reader, 'utf8'))).toMatchObject({ status: 'complete' });
  closeSync(reader);
});

test('a file that cannot be written leaves nothing behind', () => {
  mkdirSync(join(folder, 'report.html', 'in-the-way'), { recursive: true });
  expect(saveAll(folder)).toEqual([
    {
      file: 'report.html',
      reason: expect.stringMatching(/^(EISDIR|ENOTEMPTY|EPERM|EEXIST), [a-z]/),
    },
  ]);
  expect(readdirSync(folder).toSorted()).toEqual(['report.html', 'report.md', 'result.json']);
  expect(saveAll(join(folder, 'result.json', 'below')).map(({ file }) => file)).toEqual([
    'result.json',
    'report.md',
    'report.html',
  ]);
});

test('a symbolic link is replaced, and its target stays unchanged', () => {
  writeFileSync(join(folder, 'precious'), 'precious');
  for (const name of ['result.json', 'report.md', 'result.json.new', '.ssebench-trial'])
    symlinkSync('precious', join(folder, name));
  save(folder, result);
  expect(whyNoFileIn(folder)).toBeUndefined();
  expect(readFileSync(join(folder, 'precious'), 'utf8')).toBe('precious');
  expect(lstatSync(join(folder, 'result.json')).isFile()).toBe(true);
});

describe('a folder is reserved', () => {
  const claimOf = (path: string) => claimFolder(path, { ...result, rounds: [] });
  const reserved = (path: string) => valueOf(claimOf(path));

  test('once, and removed with its new parents if nothing was saved', () => {
    const path = join(folder, 'deep', 'down');
    const claim = reserved(path);
    expect(claim).toEqual({ release: expect.any(Function) });
    expect(claimOf(path)).toEqual(refused('already holds a result'));
    expect(whyNotWritable(path)).toBe('already holds a result');
    claim.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('saved files stay', () => {
    const claim = reserved(join(folder, 'mine'));
    save(join(folder, 'mine'), result);
    claim.release();
    expect(readdirSync(join(folder, 'mine')).toSorted()).toEqual(['report.md', 'result.json']);
  });

  test('files of others and existing folders stay', () => {
    const claim = reserved(join(folder, 'new', 'mine'));
    writeFileSync(join(folder, 'new', 'theirs'), '');
    claim.release();
    expect(readdirSync(folder, { recursive: true })).toEqual(['new', join('new', 'theirs')]);
    reserved(join(folder, 'new')).release();
    expect(readdirSync(join(folder, 'new'))).toEqual(['theirs']);
  });

  test('but not if a link has the name of the result, or nothing can be written', () => {
    symlinkSync('nowhere', join(folder, 'result.json'));
    expect(claimOf(folder)).toEqual(refused('already holds a result'));
    writeFileSync(join(folder, 'file'), '');
    expect(claimOf(join(folder, 'file', 'below'))).toEqual(
      refused('cannot be written to (ENOTDIR)'),
    );
    expect(claimOf('/proc/new')).toEqual(
      refused(expect.stringMatching(/^cannot be written to \(E\w+\)$/)),
    );
  });
});

test('a check without a trial file changes nothing in a folder', () => {
  mkdirSync(join(folder, 'mine'));
  const times = () =>
    [folder, join(folder, 'mine')].map((path) => lstatSync(path, { bigint: true }).mtimeNs);
  const before = times();
  for (const path of ['mine', 'mine/new', 'new/deep'])
    expect(whyNotWritable(join(folder, path), true)).toBeUndefined();
  expect(times()).toEqual(before);
  writeFileSync(join(folder, 'file'), '');
  expect(whyNotWritable(join(folder, 'file', 'below'), true)).toMatch(
    /^cannot be written to \(E\w+\)$/,
  );
});

test('an unwritable folder is detected before the run, and not created', () => {
  writeFileSync(join(folder, 'file'), '');
  mkdirSync(join(folder, 'full'));
  writeFileSync(join(folder, 'full', 'result.json'), '{}');
  expect(whyNotWritable(join(folder, 'new', 'one'))).toBeUndefined();
  expect(existsSync(join(folder, 'new'))).toBe(false);
  expect(whyNotWritable(join(folder, 'file', 'below'))).toBe('cannot be written to (ENOTDIR)');
  expect(whyNotWritable(join(folder, 'full'))).toBe('already holds a result');
  expect(whyNotWritable('/proc/new')).toMatch(/^cannot be written to \(E\w+\)$/);
});
