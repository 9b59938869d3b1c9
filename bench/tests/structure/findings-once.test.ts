/**
 * Reports format verdicts and never compute them. They import types of `verdict/`, a few constants,
 * and nothing of the statistics.
 */
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** A number that sentences mention, and the table of limits for the docs. */
const values = new Set(['leastRounds', 'checks']);

const importOf =
  /^import (?<type>type )?\{(?<names>[^}]*)\} from '(?:\.\.\/)+(?:verdict|statistics)\/[^']+';$/gm;

/** @returns the values, not types, that a file imports from `verdict/` and `statistics/` */
const valuesIn = (text: string): string[] =>
  [...text.matchAll(importOf)].flatMap(({ groups }) =>
    groups!.type
      ? []
      : groups!
          .names!.split(',')
          .map((name) => name.trim())
          .filter((name) => name !== '' && !name.startsWith('type ')),
  );

test('no report computes a verdict', () => {
  const files = globSync('bench/report/**/*.ts', { cwd: root }).filter(
    (file) => !file.endsWith('.test.ts'),
  );
  const imported = files.map((file) => ({ file, text: readFileSync(`${root}${file}`, 'utf8') }));
  expect(imported.filter(({ text }) => text.includes('/verdict/')).length).toBeGreaterThan(8);
  expect(
    imported.flatMap(({ file, text }) =>
      valuesIn(text)
        .filter((name) => !values.has(name))
        .map((name) => `${file} imports ${name}`),
    ),
  ).toEqual([]);
});

test('the check itself', () => {
  expect(
    valuesIn(
      "import type { A } from '../../verdict/a.ts';\nimport { b, type C,\n  d } from '../verdict/b.ts';\nimport { e } from './e.ts';\nimport { f } from '../../statistics/f.ts';",
    ),
  ).toEqual(['b', 'd', 'f']);
});
