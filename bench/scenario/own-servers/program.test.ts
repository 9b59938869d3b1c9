import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { pathIn, whyNoFolder, whyNoProgram } from './program.ts';

const folder = mkdtempSync(join(tmpdir(), 'ssebench-'));
mkdirSync(join(folder, 'bin'));
writeFileSync(join(folder, 'bin/server'), '#!/bin/sh\n');
chmodSync(join(folder, 'bin/server'), 0o755);
writeFileSync(join(folder, 'bin/data'), '');
afterAll(() => rmSync(folder, { recursive: true }));

test.each<[string, string | null, string | undefined]>([
  ['server', null, join(folder, 'bin')],
  ['server', folder, 'bin'],
  ['./bin/server', folder, undefined],
  [join(folder, 'bin/server'), null, undefined],
  ['sh', null, undefined],
])('%j can start in %j with the PATH %j', (program, cwd, path) => {
  expect(whyNoProgram(program, cwd, path)).toBeUndefined();
});

test.each<[string, string | null, string]>([
  ['server', null, 'no such program in PATH; check its name, or give its path'],
  ['bin', folder, 'no such program in PATH'],
  ['--port', null, 'is an option and no program; begin with the program'],
  ['PORT=3000', null, 'is a variable and no program; begin with env'],
  ['./bin/none', folder, `no such program in ${folder}; check its path`],
  ['./bin/none', null, 'no such program in the current folder; check its path'],
  ['bin/data', folder, 'is not executable; start it through its interpreter, such as node'],
  ['./bin', folder, 'is not executable'],
])('%j cannot start in %j', (program, cwd, reason) => {
  expect(whyNoProgram(program, cwd, '.')).toContain(reason);
});

test('a command in another folder finds its own programs before those of the current folder', () => {
  const [bin, beside] = [resolve('node_modules/.bin'), `${resolve('.')}-2/bin`];
  const path = `${bin}:${beside}:/usr/bin`;
  expect(pathIn('/base', path)).toBe(`/base/node_modules/.bin:${path}`);
  expect(pathIn(null, path)).toBe(path);
});

test('a folder must exist', () => {
  expect(whyNoFolder(folder)).toBeUndefined();
  expect(whyNoFolder(join(folder, 'none'))).toBe('no such folder; check the path');
  expect(whyNoFolder(join(folder, 'bin/data'))).toBe(
    'is not a folder; give the folder of the server',
  );
});
