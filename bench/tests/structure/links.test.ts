/** Every relative link in the Markdown files leads to a file, and every anchor to a heading. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { pagesFor } from '../../report/ci/summary.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

const pages = globSync(
  ['*.md', '{bench,docs,scripts,servers}/**/*.md', 'results/{,reference/}*.md'],
  { cwd: root, exclude: ['**/node_modules/**'] },
).map((page) => page.replaceAll('\\', '/'));

/** The text without code, where brackets are no links and `#` is no heading. */
const prose = (text: string): string =>
  text.replaceAll(/^( *)```.*?^\1```/gms, '').replaceAll(/`[^`\n]*`/g, (code) => code.slice(1, -1));

/** The anchor that code hosts give a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

const anchorsIn = (text: string): string[] =>
  [...prose(text).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchorOf(heading!));

const targetsIn = (text: string): string[] =>
  [...prose(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!);

/** @returns why a link leads nowhere, if so */
function whyDead(page: string, target: string): string | undefined {
  if (/^[a-z]+:/.test(target)) return undefined;
  const [path, anchor] = target.split('#') as [string, string?];
  const file = path === '' ? page : join(dirname(page), path);
  if (!existsSync(join(root, file))) return `${page}: ${target}: no such file`;
  if (anchor === undefined || anchorsIn(readFileSync(join(root, file), 'utf8')).includes(anchor))
    return undefined;
  return `${page}: ${target}: no such heading`;
}

const read = (page: string): string => readFileSync(join(root, page), 'utf8');

test('every relative link leads to a file, and every anchor to a heading', () => {
  const links = pages.flatMap((page) => targetsIn(read(page)).map((target) => ({ page, target })));
  expect(pages.length).toBeGreaterThan(20);
  expect(links.length).toBeGreaterThan(80);
  expect(links.flatMap(({ page, target }) => whyDead(page, target) ?? [])).toEqual([]);
});

test('no page has the marks of a merge conflict, also if a formatter changed them', () =>
  expect(pages.filter((page) => /^(?:<{7} |>{7} |(?:> ){7})/m.test(read(page)))).toEqual([]));

test('every page that the summary of a CI job links to exists', () => {
  const all = Object.values(pagesFor).flat();
  expect(all.flatMap(([, page]) => whyDead('README.md', page) ?? [])).toEqual([]);
});

describe('a page of the docs', () => {
  const docs = pages.filter((page) => page.startsWith('docs/'));

  test.each(docs)('%s says first what its reader can do, and links to the next', (page) => {
    const paragraphs = read(page).trim().split('\n\n');
    expect(paragraphs[1]).toMatch(/^After this page you /);
    expect(paragraphs.at(-1)).toMatch(/^(Next: \[|Back to \[)/);
  });

  test('can be reached from README.md', () => {
    const reached = new Set(targetsIn(read('README.md')).map((target) => target.split('#')[0]));
    expect(docs.filter((page) => !reached.has(page))).toEqual([]);
  });
});

test.each([
  ['a missing file', 'README.md', 'docs/none.md', 'no such file'],
  ['a missing heading', 'README.md', 'docs/leaks.md#none', 'no such heading'],
  ['a missing heading of the page itself', 'docs/leaks.md', '#none', 'no such heading'],
])('finds %s', (_what, page, target, why) => expect(whyDead(page, target)).toContain(why));
