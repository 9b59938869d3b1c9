/** The documentation names the versions that `package.json` has. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const { version, engines } = JSON.parse(read('package.json')) as {
  version: string;
  engines: { node: string };
};
const texts = ['action.yml', ...globSync('{*,docs/**/*}.md', { cwd: root })].map((path) => ({
  path,
  text: read(path).replaceAll(/\s+/g, ' '),
}));

/** Each text that matches the pattern, with the part in parentheses. */
const found = (pattern: RegExp) =>
  texts.flatMap(({ path, text }) =>
    [...text.matchAll(pattern)].map(([, part]) => ({ path, part })),
  );
const withPart = (all: ReturnType<typeof found>, part: string) =>
  all.map(({ path }) => ({ path, part }));

test('the packed file has the version of the package', () => {
  const files = found(/\bssebench-(\d[\w.-]*)\.tgz/g);
  expect(files.length).toBeGreaterThan(0);
  expect(files).toEqual(withPart(files, version));
});

test('the oldest Node is the one that the package asks for', () => {
  const [, oldest] = /^\^(\S+) \|\| >=24$/.exec(engines.node)!;
  const nodes = found(/\b(22\.\d+)\b/g);
  expect(nodes.length).toBeGreaterThan(3);
  expect(nodes).toEqual(withPart(nodes, oldest!));
});
