import { describe, expect, test } from 'vitest';
import { exitCodes, exitCodesInShort } from '../result/exit-codes.ts';
import { definition as run } from './definitions/run.ts';
import { definition as serve } from './definitions/serve.ts';
import { flagsOf } from './flags.ts';
import { commandHelp } from './help.ts';

const columns = 100;
const help = commandHelp('run', '[options] [server...]', run, columns);
const lines = help.split('\n');

describe('run --help', () => {
  test.each(run.groups.flatMap(({ options }) => options))('$flags is on one line', (option) => {
    const flags = flagsOf(option).replace('[', '<').replace(']', '>');
    const own = lines.find((line) => line.trimStart().startsWith(`${flags} `));
    expect(own).toMatch(/\S {2,}\S/);
    expect(own!.endsWith(`  ${option.about}`)).toBe(true);
    expect(own!.length).toBeLessThanOrEqual(columns);
  });

  test.each(run.exits)('exit code of %s is on one line', (name) => {
    const own = lines.find((line) => line.endsWith(`  ${exitCodesInShort[name]}`));
    expect(own).toMatch(new RegExp(`^ {2}${exitCodes[name]} +\\S`));
    expect(own!.length).toBeLessThanOrEqual(columns);
  });
});

test('serve has no --quiet, because it prints nothing of its own', () =>
  expect(serve.groups.flatMap(({ options }) => options.map(({ flags }) => flags))).toEqual([
    '--port [n]',
    '--host [address]',
    '--help',
  ]));
