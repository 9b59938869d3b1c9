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

test('is read back as it was, and nothing else is left beside it', () => {
  const target = join(folder, 'deep', 'down');
  save(target, result);
  save(target, { ...result, status: 'partial' });
  expect(readdirSync(target).toSorted()).toEqual(['report.md', 'result.json']);
  const read = runResultSchema.parse(JSON.parse(readFileSync(join(target, 'result.json'), 'utf8')));
  expect(read).toEqual({ ...result, status: 'partial' });
});

test('who reads while it is written again has the old one, whole', () => {
  save(folder, result);
  const reader = openSync(join(folder, 'result.json'), 'r');
  save(folder, { ...result, status: 'partial' });
  expect(JSON.parse(readFileSync(reader, 'utf8'))).toMatchObject({ status: 'complete' });
  closeSync(reader);
});

test('what cannot be written leaves nothing behind, and the old file as it was', () => {
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

test('a link is replaced, and what it leads to stays', () => {
  writeFileSync(join(folder, 'precious'), 'precious');
  for (const name of ['result.json', 'report.md', 'result.json.new', '.ssebench-trial'])
    symlinkSync('precious', join(folder, name));
  save(folder, result);
  expect(whyNoFileIn(folder)).toBeUndefined();
  expect(readFileSync(join(folder, 'precious'), 'utf8')).toBe('precious');
  expect(lstatSync(join(folder, 'result.json')).isFile()).toBe(true);
});

describe('a folder is taken', () => {
  const claimOf = (path: string) => claimFolder(path, { ...result, rounds: [] });
  const taken = (path: string) => valueOf(claimOf(path));

  test('once, and given back where nothing was saved, with the folders that were made for it', () => {
    const path = join(folder, 'deep', 'down');
    const claim = taken(path);
    expect(claim).toEqual({ release: expect.any(Function) });
    expect(claimOf(path)).toEqual(refused('holds a result already'));
    expect(whyNotWritable(path)).toBe('holds a result already');
    claim.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('what was saved in it stays', () => {
    const claim = taken(join(folder, 'mine'));
    save(join(folder, 'mine'), result);
    claim.release();
    expect(readdirSync(join(folder, 'mine')).toSorted()).toEqual(['report.md', 'result.json']);
  });

  test('what somebody else put beside it stays, and so does a folder that was there', () => {
    const claim = taken(join(folder, 'new', 'mine'));
    writeFileSync(join(folder, 'new', 'theirs'), '');
    claim.release();
    expect(readdirSync(folder, { recursive: true })).toEqual(['new', join('new', 'theirs')]);
    taken(join(folder, 'new')).release();
    expect(readdirSync(join(folder, 'new'))).toEqual(['theirs']);
  });

  test('not where a link is in place of the result, or nothing can be written', () => {
    symlinkSync('nowhere', join(folder, 'result.json'));
    expect(claimOf(folder)).toEqual(refused('holds a result already'));
    writeFileSync(join(folder, 'file'), '');
    expect(claimOf(join(folder, 'file', 'below'))).toEqual(
      refused('cannot be written to (ENOTDIR)'),
    );
    expect(claimOf('/proc/new')).toEqual(
      refused(expect.stringMatching(/^cannot be written to \(E\w+\)$/)),
    );
  });
});

test('looking whether a folder can be written to changes nothing in it, where nothing is to change', () => {
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
