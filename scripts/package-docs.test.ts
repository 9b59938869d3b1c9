import { describe, expect, test } from 'vitest';
import { addressOf, relinked } from './package-docs.ts';

const files = new Set([
  'README.md',
  'docs/leaks.md',
  'bench/load/churn.js',
  'results/reference/report.png',
]);
const repository = 'https://example.org/some/ssebench';

describe('links of the package’s pages', () => {
  test.each([
    [
      'keep a file of the package',
      'README.md',
      '[leaks](docs/leaks.md#modes)',
      '[leaks](docs/leaks.md#modes)',
    ],
    [
      'lead from a source to its compiled file',
      'docs/leaks.md',
      '[churn](../bench/load/churn.ts)',
      '[churn](../bench/load/churn.js)',
    ],
    ['keep a file in a folder above', 'docs/leaks.md', '[up](../README.md)', '[up](../README.md)'],
    [
      'keep an address and an anchor of the page',
      'README.md',
      '[a](https://d3js.org/) [b](#compare)',
      '[a](https://d3js.org/) [b](#compare)',
    ],
    [
      'keep a picture that is a link',
      'README.md',
      '[![it](results/reference/report.png)](results/reference/report.png)',
      '[![it](results/reference/report.png)](results/reference/report.png)',
    ],
    [
      'lead to the repository for a file that only it has',
      'docs/leaks.md',
      'see [faults](../servers/faulty/README.md#all)',
      `see [faults](${repository}/blob/HEAD/servers/faulty/README.md#all)`,
    ],
    [
      'lead to the repository for a picture that only it has',
      'README.md',
      '[![it](a.png)](b.html)',
      `[![it](${repository}/raw/HEAD/a.png)](${repository}/blob/HEAD/b.html)`,
    ],
  ])('%s', (_what, path, markdown, expected) =>
    expect(relinked(markdown, path, files, repository)).toBe(expected),
  );

  test.each([
    [
      'the text of a link stays',
      'see [faults](../servers/faulty/README.md), and [`x`](y.ts)',
      'see faults, and `x`',
    ],
    ['a picture is removed', 'before [![it](a.png)](a.png) after', 'before  after'],
  ])('without a repository, %s', (_what, markdown, expected) =>
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
])('the public address of %s', (remote, address) => expect(addressOf(remote)).toBe(address));
