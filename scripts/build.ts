/**
 * Builds both npm packages completely in `dist/`: compiled, each with its own `package.json`.
 * `npm run build`
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  globSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withSection } from '../bench/report/markdown/readme.ts';
import { chartLibraries, libraryFolder } from '../bench/report/page/assets.ts';
import { cliSection } from './cli-section.ts';
import { declarationsFrom } from './declarations.ts';
import { addressOf, forPackage, relinked } from './package-docs.ts';
import { published, type Manifest } from './package-manifest.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const main = join(root, 'dist/ssebench');
const servers = join(root, 'dist/ssebench-servers');

rmSync(dirname(main), { recursive: true, force: true });
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
});

// Files that are run, sent or read in their original form.
for (const file of [
  'bench/bin.js',
  'bench/inspector/probe/probe.cjs',
  'bench/inspector/probe/creators.cjs',
  'bench/inspector/probe/stacks.cjs',
  'bench/inspector/open-inspector.cjs',
  'bench/config.schema.json',
  ...globSync('bench/report/page/**/*.js', { cwd: root }),
  'bench/live/follow.js',
  'bench/report/page/style.css',
  'LICENSE',
]) {
  cpSync(join(root, file), join(main, file));
}
for (const { name, script } of chartLibraries)
  for (const file of [script, 'LICENSE'])
    cpSync(
      new URL(file, libraryFolder(name)),
      join(main, 'bench/report/page/libraries', name, file),
    );

// The reference servers move to their own package. Both packages have the list of them.
mkdirSync(servers);
for (const file of globSync(join(main, 'servers/*')))
  renameSync(file, join(servers, basename(file)));
for (const file of ['catalog.js', 'catalog.d.ts'])
  cpSync(join(servers, file), join(main, 'servers', file));
for (const file of ['servers/page.html', 'LICENSE'])
  cpSync(join(root, file), join(servers, basename(file)));

// An editor reads only the declarations that the exports need. The others are half of them.
const needed = declarationsFrom(
  Object.values(manifestIn('.').exports).map((path) =>
    path.replace(/^\.\//, '').replace(/\.ts$/, '.d.ts'),
  ),
  (file) => readFileSync(join(main, file), 'utf8'),
);
for (const file of globSync('**/*.d.ts', { cwd: main }))
  if (!needed.has(file)) rmSync(join(main, file));

const repository = addressOf(manifestIn('.').repository?.url ?? remote());
if (repository === undefined)
  console.error(
    'No public repository is known, so the pages of the package lose their links to unpublished files. Set “repository” in package.json, or the remote “origin” of Git.',
  );
for (const [folder, dist] of [
  ['.', main],
  ['servers', servers],
] as const)
  writeFileSync(
    join(dist, 'package.json'),
    `${JSON.stringify(published(manifestIn(folder), repository), null, 2)}\n`,
  );

const pages = [
  'CHANGELOG.md',
  'SECURITY.md',
  ...globSync('docs/**/*.md', { cwd: root }),
  'servers/README.md',
  'results/README.md',
];
const files = new Set(['README.md', ...pages, ...globSync('**/*', { cwd: main })]);
for (const path of pages) writePage(path, files, join(main, path));
writePage('PACKAGE.md', files, join(main, 'README.md'));
const reference = join(main, 'docs/reference/cli.md');
const help = cliSection(join(main, 'bench/bin.js'));
writeFileSync(reference, withSection(readFileSync(reference, 'utf8'), 'cli', help));
const ofServers = globSync('*', { cwd: servers }).map((file) => `servers/${file}`);
writePage('servers/README.md', new Set(ofServers), join(servers, 'README.md'));

/**
 * Writes a page whose links and commands are valid inside the package.
 *
 * @param path of the page, from the root of the repository, as are those of the files
 */
function writePage(path: string, ofPackage: ReadonlySet<string>, to: string) {
  mkdirSync(dirname(to), { recursive: true });
  const page = forPackage(readFileSync(join(root, path), 'utf8'));
  writeFileSync(to, relinked(page, path, ofPackage, repository));
}

function manifestIn(folder: string): Manifest {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;
}

function remote(): string {
  const { stdout } = spawnSync('git', ['remote', 'get-url', 'origin'], {
    cwd: root,
    encoding: 'utf8',
  });
  return stdout?.trim() ?? '';
}
