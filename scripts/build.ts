/** Makes the package that npm gets, as a whole in `dist/`: compiled, with a `package.json` of its own. `npm run build` */
import { execFileSync } from 'node:child_process';
import { cpSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const dist = join(root, 'dist');
const readJson = (path: string) => JSON.parse(readFileSync(path, 'utf8'));

rmSync(dist, { recursive: true, force: true });
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });

// What runs, is sent or is read as it was written.
for (const file of ['servers/page.html', 'bench/target/probe/probe.cjs', 'bench/target/open-inspector.cjs', 'bench/config.schema.json', 'bench/report/page/charts.js', 'bench/report/page/client.js', 'bench/live/follow.js', 'bench/report/page/style.css', 'README.md', 'LICENSE']) {
  cpSync(join(root, file), join(dist, file));
}

// The compiler names a source where it is here, which would be outside of an installed package. Its text is in the map.
for (const map of globSync('**/*.js.map', { cwd: dist })) {
  const { sources, ...rest } = readJson(join(dist, map));
  writeFileSync(join(dist, map), JSON.stringify({ ...rest, sources: sources.map((source: string) => basename(source)) }));
}

// What only those need who work here stays here; above all the pinned Node, on which a user's own scripts would run.
const { bin, exports, ...manifest } = readJson(join(root, 'package.json'));
for (const field of ['scripts', 'devDependencies', 'optionalDependencies']) delete manifest[field];
const built = (path: string, extension: string) => path.replace(/\.ts$/, extension);
const mapped = <T>(table: Record<string, string>, map: (path: string) => T) =>
  Object.fromEntries(Object.entries(table).map(([name, path]) => [name, map(path)]));
const published = {
  ...manifest,
  bin: mapped(bin, (path) => built(path, '.js')),
  exports: mapped(exports, (path) => ({ types: built(path, '.d.ts'), default: built(path, '.js') })),
};
writeFileSync(join(dist, 'package.json'), `${JSON.stringify(published, null, 2)}\n`);
