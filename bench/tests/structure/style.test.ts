/**
 * Everything that a person reads follows the rules in `style/rules.ts`. To check some folders only:
 * `STYLE_ONLY=bench/leaks,docs npx vitest run --project pure bench/tests/structure/style.test.ts`
 */
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { lineOf, violationsIn, type Violation } from './style/check.ts';
import { exceptions, type Exception } from './style/exceptions.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const only = process.env['STYLE_ONLY']?.split(',');

const files = globSync(
  [
    '*.{md,ts}',
    '{bench,docs,scripts,servers}/**/*.{ts,js,cjs,mjs,sh,md}',
    'results/{,reference/}*.md',
    'package.json',
    'bench/config.schema.json',
    '.ci/run',
  ],
  { cwd: root, exclude: ['**/node_modules/**'] },
)
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => only === undefined || only.some((folder) => path.startsWith(folder)))
  .toSorted();

const isFor =
  ({ file, text }: Violation) =>
  (exception: Exception) =>
    file === exception.file && (exception.text ?? text) === text;

describe('prose', () => {
  let violations: Violation[];

  beforeAll(() => {
    violations = files.flatMap((path) =>
      violationsIn(path, readFileSync(`${root}${path}`, 'utf8')),
    );
  });

  test('follows the rules', () => {
    const found = violations.filter((violation) => !exceptions.some(isFor(violation)));
    if (found.length > 0)
      throw new Error(`${found.length} times:\n${found.map(lineOf).join('\n')}`);
  });

  test('is in existing files', () => expect(files).not.toEqual([]));

  test.skipIf(only !== undefined)('is in files of every kind', () => {
    expect(files.length).toBeGreaterThan(500);
    expect(files).toEqual(
      expect.arrayContaining([
        '.ci/run',
        'README.md',
        'bench/cli.ts',
        'bench/config.schema.json',
        'bench/inspector/probe/probe.cjs',
        'bench/report/page/client.js',
        'docs/method/rounds.md',
        'package.json',
        'results/reference/report.md',
        'scripts/docs.ts',
        'servers/catalog.ts',
        'vitest.config.ts',
      ]),
    );
  });

  test.skipIf(only !== undefined)('needs each exception', () => {
    expect(
      exceptions.filter((exception) => !violations.some((each) => isFor(each)(exception))),
    ).toEqual([]);
  });
});
