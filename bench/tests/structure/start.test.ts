/**
 * The packages that a command loads before it acts. Tests and users start commands often, and the
 * packages that measure take most of the time of a start. Static imports decide it, so this test
 * reads them.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { commands } from '../../commands/table.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Static imports of values. Types are not loaded. */
const specifier =
  /^(?:import|export)\b(?!\s+type\b)[^;']*?\bfrom\s+'([^']+)'|^import\s+'([^']+)'/gm;

/** @returns the packages that a file and its imports load, without those of Node */
function packagesOf(file: string, seen = new Set<string>()): Set<string> {
  const packages = new Set<string>();
  if (seen.has(file)) return packages;
  seen.add(file);
  for (const [, from, bare] of readFileSync(join(root, file), 'utf8').matchAll(specifier)) {
    const name = (from ?? bare)!;
    if (name.startsWith('.'))
      for (const each of packagesOf(join(dirname(file), name), seen)) packages.add(each);
    else if (!name.startsWith('node:')) packages.add(name);
  }
  return packages;
}

test('the command line itself loads only its parser', () => {
  expect([...packagesOf('cli.ts')]).toEqual(['commander']);
});

test.each([
  ...Object.keys(commands).map((name) => `commands/definitions/${name}.ts`),
  'commands/run-request.ts',
  'commands/plan.ts',
  'commands/leaks.ts',
  'commands/compare.ts',
  'commands/report.ts',
  'commands/manual-texts.ts',
])('%s loads nothing that measures', (file) => {
  expect([...packagesOf(file)].filter((name) => name !== 'zod')).toEqual([]);
});

test('the check finds what a run loads', () => {
  expect([...packagesOf('commands/run.ts')]).toEqual(
    expect.arrayContaining(['undici', 'hdr-histogram-js', 'eventsource-parser']),
  );
});
