import { describe, expect, test } from 'vitest';
import { exitCodes, type ExitCodeName } from '../result/exit-codes.ts';
import { definition as run } from './definitions/run.ts';
import { definition as serve } from './definitions/serve.ts';
import { commands } from './table.ts';
import { flagsOf } from './flags.ts';
import { commandHelp } from './help.ts';

const columns = 100;
/** Longer flags would leave too little room for the texts of all options. */
const longestFlags = 23;
const help = commandHelp('run', '[options] [server...]', run, columns);
const lines = help.split('\n');

describe('run --help', () => {
  test.each(run.groups.flatMap(({ options }) => options))(
    '$flags has its text in one line',
    (option) => {
      const flags = flagsOf(option).replace('[', '<').replace(']', '>');
      const at = lines.findIndex((line) => `${line.trimStart()} `.startsWith(`${flags} `));
      // Flags that are too long for their column have their text on the next line.
      const isLong = flags.length > longestFlags;
      const own = isLong ? `${lines[at]}  ${lines[at + 1]!.trim()}` : lines[at];
      expect(own).toMatch(/\S {2,}\S/);
      expect(own!.endsWith(`  ${option.about}`)).toBe(true);
      expect(lines[isLong ? at + 1 : at]!.length).toBeLessThanOrEqual(columns);
    },
  );
});

const all = Object.values(commands).map(async ({ load }) => (await load()).definition);

test('every exit code of every command is explained in one line', async () => {
  const definitions = await Promise.all(all);
  for (const definition of definitions) {
    const rows = commandHelp('x', '', definition, columns).split('Exit codes:\n')[1]!.split('\n');
    const names = Object.keys(definition.exits) as ExitCodeName[];
    expect(rows).toHaveLength(names.length);
    expect(rows.map((row) => Number(row.trim().split(' ')[0]))).toEqual(
      names.map((name) => exitCodes[name]).toSorted((a, b) => a - b),
    );
    for (const row of rows) expect(row.length).toBeLessThanOrEqual(columns);
  }
});

test('serve has no --quiet, because it prints nothing of its own', () =>
  expect(serve.groups.flatMap(({ options }) => options.map(({ flags }) => flags))).toEqual([
    '--port [n]',
    '--host [address]',
    '--help',
  ]));
