import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { addressOf, forPackage, relinked, withInstalledCommand } from './package-docs.ts';

const files = new Set([
  'README.md',
  'docs/leaks.md',
  'bench/load/churn.js',
  'results/reference/report.png',
]);
const repository = 'https://example.org/some/ssebench';

describe('links in the pages of the package', () => {
  test.each([
    [
      'a link to a file of the package stays',
      'README.md',
      '[leaks](docs/leaks.md#modes)',
      '[leaks](docs/leaks.md#modes)',
    ],
    [
      'a link to a source becomes a link to its compiled file',
      'docs/leaks.md',
      '[churn](../bench/load/churn.ts)',
      '[churn](../bench/load/churn.js)',
    ],
    [
      'a link to a parent folder stays',
      'docs/leaks.md',
      '[up](../README.md)',
      '[up](../README.md)',
    ],
    [
      'an address and an anchor stay',
      'README.md',
      '[a](https://d3js.org/) [b](#compare)',
      '[a](https://d3js.org/) [b](#compare)',
    ],
    [
      'a picture with a link stays',
      'README.md',
      '[![it](results/reference/report.png)](results/reference/report.png)',
      '[![it](results/reference/report.png)](results/reference/report.png)',
    ],
    [
      'a link to an unpublished file leads to the repository',
      'docs/leaks.md',
      'see [faults](../servers/faulty/README.md#all)',
      `see [faults](${repository}/blob/HEAD/servers/faulty/README.md#all)`,
    ],
    [
      'an unpublished picture is loaded from the repository',
      'README.md',
      '[![it](a.png)](b.html)',
      `[![it](${repository}/raw/HEAD/a.png)](${repository}/blob/HEAD/b.html)`,
    ],
  ])('%s', (_what, path, markdown, expected) =>
    expect(relinked(markdown, path, files, repository)).toBe(expected),
  );

  test.each([
    [
      'a link becomes its text',
      'see [faults](../servers/faulty/README.md), and [`x`](y.ts)',
      'see faults, and `x`',
    ],
    ['a picture is removed', 'before [![it](a.png)](a.png) after', 'before  after'],
  ])('%s without a repository', (_what, markdown, expected) =>
    expect(relinked(markdown, 'docs/leaks.md', files, undefined)).toBe(expected),
  );
});

test.each([
  ['https://example.org/some/ssebench.git', repository],
  ['git+https://example.org/some/ssebench.git', repository],
  ['https://user:secret@example.org/some/ssebench', repository],
  ['git@example.org:some/ssebench.git', repository],
  ['ssh://git@example.org:2222/some/ssebench.git', repository],
  ['git://example.org/some/ssebench/', repository],
  ['/srv/git/ssebench.git', undefined],
  ['file:///srv/git/ssebench.git', undefined],
  ['../ssebench', undefined],
  ['http://localhost/ssebench.git', undefined],
  ['', undefined],
])('%j has the address %j', (remote, address) => expect(addressOf(remote)).toBe(address));

describe('commands in the pages of the package', () => {
  const block = (line: string) => `\`\`\`\n${line}\n\`\`\``;
  test.each([
    [
      block('npm run bench -- koa --rounds 6  # more'),
      block('npx ssebench run koa --rounds 6  # more'),
    ],
    [block('npm run bench'), block('npx ssebench run')],
    [block('   npm run ssebench -- check URL'), block('   npx ssebench check URL')],
    [block('npm run -s compare -- a b --json'), block('npx ssebench compare a b --json')],
    ['Use `npm run leaks -- koa`, or wait.', 'Use `npx ssebench leaks koa`, or wait.'],
    ['| `npm run bench -- --plan` |', '| `npx ssebench run --plan` |'],
    ['`npm run bench` measures all.', '`npx ssebench run` measures all.'],
    [
      block('npm run report -- a     # one\nnpm run -s bench -- b   # two\nnpm test  # three'),
      block('npx ssebench report a   # one\nnpx ssebench run b      # two\nnpm test  # three'),
    ],
  ])('%j becomes %j', (page, expected) => {
    expect(withInstalledCommand(page)).toBe(expected);
  });

  test.each([
    block('npm run bench:micro -- --keep'),
    block('npm ci'),
    '`npm run bench --` stands for `npx ssebench run`.',
    '| npm script | `npm run bench -- --url <url> -- node server.js` |',
  ])('%j stays', (page) => expect(withInstalledCommand(page)).toBe(page));

  test('text about a clone of the repository is left out', () => {
    const only = '<!-- repository -->\nRun `npm ci`.\n<!-- /repository -->\n\n';
    const inList =
      '   <!-- repository -->\n   npm takes the first `--`.\n   <!-- /repository -->\n';
    expect(forPackage(`one\n\n${only}1. two\n${inList}   three\n\n${only}four\n`)).toBe(
      'one\n\n1. two\n   three\n\nfour\n',
    );
  });

  test('no page shows a script of the repository as a command to copy', () => {
    const root = fileURLToPath(new URL('../', import.meta.url));
    const pages = ['PACKAGE.md', ...globSync('docs/**/*.md', { cwd: root })];
    const text = pages.map((page) => readFileSync(join(root, page), 'utf8')).join('\n');
    const scripts = /^ *npm run (-s )?(ssebench|bench|leaks|compare|report|serve)( |$)/gm;
    expect(text.match(scripts)!.length).toBeGreaterThan(20);
    expect(forPackage(text).match(scripts)).toBeNull();
    const explained = /first `--`|second `--`|\bclone of\b|folder of ssebench|<!-- \/?repository/g;
    expect(forPackage(text).match(explained)).toEqual(['first `--`']); // users have npm scripts too
  });
});
