/**
 * Builds the npm package completely in `dist/`: compiled, with its own `package.json`.
 * `npm run build`
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { addressOf, relinked } from './package-docs.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const dist = join(root, 'dist');
const readJson = (path: string) => JSON.parse(readFileSync(path, 'utf8'));

rmSync(dist, { recursive: true, force: true });
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
});

// Files that are run, sent or read in their original form.
for (const file of [
  'bench/bin.js',
  'servers/page.html',
  'bench/inspector/probe/probe.cjs',
  'bench/inspector/open-inspector.cjs',
  'bench/config.schema.json',
  ...globSync('bench/report/page/**/*.js', { cwd: root }),
  'bench/live/follow.js',
  'bench/report/page/style.css',
  'results/reference/report.png',
  'LICENSE',
]) {
  cpSync(join(root, file), join(dist, file));
}

const { bin, exports, ...manifest } = readJson(join(root, 'package.json'));
const repository = addressOf(manifest.repository?.url ?? remote());
if (repository === undefined)
  console.error(
    'No public repository is known, so the pages of the package lose their links to unpublished files. Set “repository” in package.json, or the remote “origin” of Git.',
  );
const pages = [
  'README.md',
  'CHANGELOG.md',
  ...globSync('docs/**/*.md', { cwd: root }),
  'servers/README.md',
  'results/README.md',
];
const files = new Set([...pages, ...globSync('**/*', { cwd: dist })]);
for (const page of pages) {
  mkdirSync(dirname(join(dist, page)), { recursive: true });
  writeFileSync(
    join(dist, page),
    relinked(readFileSync(join(root, page), 'utf8'), page, files, repository),
  );
}

function remote(): string {
  const { stdout } = spawnSync('git', ['remote', 'get-url', 'origin'], {
    cwd: root,
    encoding: 'utf8',
  });
  return stdout?.trim() ?? '';
}

// The compiler refers to sources by their path here, which does not exist in an installed package.
// The map contains their text.
for (const map of globSync('**/*.js.map', { cwd: dist })) {
  const { sources, ...rest } = readJson(join(dist, map));
  writeFileSync(
    join(dist, map),
    JSON.stringify({ ...rest, sources: sources.map((source: string) => basename(source)) }),
  );
}

// Leave out what only developers of ssebench need. Above all the pinned Node: a user's own scripts
// would run on it.
for (const field of ['scripts', 'devDependencies', 'optionalDependencies']) delete manifest[field];
const built = (path: string, extension: string) => path.replace(/\.ts$/, extension);
const mapped = <T>(table: Record<string, string>, map: (path: string) => T) =>
  Object.fromEntries(Object.entries(table).map(([name, path]) => [name, map(path)]));
const published = {
  ...manifest,
  ...(repository !== undefined && { repository: { type: 'git', url: `git+${repository}.git` } }),
  bin: mapped(bin, () => 'bench/bin.js'), // asks for a newer Node if it is too old
  exports: mapped(exports, (path) => ({
    types: built(path, '.d.ts'),
    default: built(path, '.js'),
  })),
};
writeFileSync(join(dist, 'package.json'), `${JSON.stringify(published, null, 2)}\n`);
