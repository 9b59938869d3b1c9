/**
 * The import order: a file imports only from its own folder or from a lower floor, including types.
 * The unit is a folder of `bench/` with everything in it; a file next to these folders is a unit by
 * itself.
 */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * From top to bottom: nothing imports the command line, and everything may import the statistics.
 */
const floors: readonly (readonly string[])[] = [
  ['bin'],
  ['cli'],
  ['vitest'],
  ['index'],
  ['api'],
  ['commands'],
  ['live', 'micro', 'proofs', 'agents', 'bisect'],
  ['report', 'leaks', 'run', 'endpoint', 'replay'],
  ['verdict', 'generator'],
  ['metrics', 'load', 'under-test', 'explain'],
  ['measure', 'inspector'],
  ['result', 'stream', 'system'],
  ['scenario'],
  ['statistics', 'servers/catalog'],
];
const floorOf = new Map(
  floors.flatMap((names, fromTop) => names.map((name) => [name, floors.length - fromTop] as const)),
);

/** Files that may import everything, and that nothing imports. */
const isOutside = (path: string) =>
  /\.test\.ts$|^bench\/tests\/|^scripts\//.test(path) ||
  (path.startsWith('servers/') && path !== 'servers/catalog.ts');

/**
 * The unit of a file: its folder in `bench/`, or the file itself. Examples: `report`, `cli`,
 * `servers/catalog`.
 */
function unitOf(path: string): string {
  const [top, name = ''] = path.split('/');
  const withoutExtension = name.replace(/\..*$/, '');
  return top === 'bench' ? withoutExtension : `${top}/${withoutExtension}`;
}

interface Import {
  /** Place of the import, such as `bench/load/load.ts:3`. */
  at: string;
  from: string;
  to: string;
}

const specifier = /\b(?:from|import)\s*\(?\s*(['"])(\.{1,2}\/.+?)\1/g;

/** @param text of the file `from`, which is a path from the root of the repository */
function importsOf(from: string, text: string): Import[] {
  return [...text.matchAll(specifier)].map((match) => ({
    at: `${from}:${text.slice(0, match.index).split('\n').length}`,
    from,
    to: join(dirname(from), match[2]!),
  }));
}

/** @returns why the import is not allowed, or `undefined` */
function whyNot({ at, from, to }: Import): string | undefined {
  const [importer, imported] = [unitOf(from), unitOf(to)];
  if (isOutside(to)) return `${at} imports ${to}: nothing outside tests and scripts may`;
  if (importer === imported) return undefined;
  const [floor, below] = [floorOf.get(importer), floorOf.get(imported)];
  if (floor === undefined) return `${at}: ${importer} is on no floor; add it to the table`;
  if (below === undefined) return `${at}: ${imported} is on no floor; add it to the table`;
  if (below < floor) return undefined;
  return `${at}: ${importer} (floor ${floor}) imports ${imported} (floor ${below}); move what both need to a lower floor`;
}

const sources = globSync('{bench,servers}/**/*.{ts,js,cjs}', {
  cwd: root,
  exclude: ['**/node_modules/**'],
}).map((path) => path.replaceAll('\\', '/'));
const files = sources.filter((path) => !isOutside(path));
const imports = files.flatMap((path) => importsOf(path, readFileSync(join(root, path), 'utf8')));

test('no file imports upwards', () => {
  expect(files.length).toBeGreaterThan(150);
  expect(imports.length).toBeGreaterThan(500);
  expect(imports.flatMap((each) => whyNot(each) ?? [])).toEqual([]);
});

test('no files import each other in a circle', () => {
  const targets = new Map(files.map((file) => [file, [] as string[]]));
  for (const { from, to } of imports) targets.get(from)!.push(to);
  const circles: string[] = [];
  const done = new Set<string>();
  function visit(file: string, path: readonly string[]) {
    const at = path.indexOf(file);
    if (at >= 0) circles.push([...path.slice(at), file].join(' → '));
    if (at >= 0 || done.has(file)) return;
    for (const to of targets.get(file) ?? []) visit(to, [...path, file]);
    done.add(file);
  }
  for (const file of files) visit(file, []);
  expect(circles).toEqual([]);
});

test('every import names a file', () => {
  const known = new Set(sources.map((path) => join(path)));
  expect(imports.filter(({ to }) => !known.has(relative(root, join(root, to))))).toEqual([]);
});

describe('the check itself', () => {
  const wrongIn = (from: string, text: string) => importsOf(from, text).map(whyNot);

  test.each([
    ["import { a } from '../report/save.ts';", 'imports report (floor 7)'],
    ["import type { A } from '../report/save.ts';", 'imports report (floor 7)'],
    ["import {\n  a,\n} from '../report/save.ts';", 'imports report (floor 7)'],
    ["export * from '../report/save.ts';", 'imports report (floor 7)'],
    ["const a = await import('../report/save.ts');", 'imports report (floor 7)'],
    ["let a: import('../report/save.ts').A;", 'imports report (floor 7)'],
    ["import '../inspector/attach.ts';", 'imports inspector (floor 4)'],
    ["import '../tests/fixtures/helpers/result.ts';", 'nothing outside tests'],
    ["import '../../servers/express.ts';", 'nothing outside tests'],
    ["import '../nowhere/a.ts';", 'nowhere is on no floor'],
  ])('finds %j in measure', (text, complaint) => {
    expect(wrongIn('bench/measure/a.ts', text)).toEqual([expect.stringContaining(complaint)]);
  });

  test('names the line', () => {
    const [found] = wrongIn('bench/measure/a.ts', "\n\nimport '../cli.ts';");
    expect(found).toContain('bench/measure/a.ts:3');
  });

  test.each(["import './b.ts';", "import '../scenario/option.ts';", "import 'undici';"])(
    'lets %j pass in measure',
    (text) =>
      expect(wrongIn('bench/measure/a.ts', text).filter((each) => each !== undefined)).toEqual([]),
  );
});
