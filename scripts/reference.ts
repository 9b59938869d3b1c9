/**
 * Measures all reference servers again, for the comparison in the repository: `npm run reference`.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const kept = join(root, 'results', 'reference');
const fresh = join(mkdtempSync(join(root, 'results', 'fresh-')), 'reference');

function run(...args: string[]) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

// Keep the old result until the new one is complete.
run('bench/cli.ts', 'run', '--out', fresh, ...process.argv.slice(2));
rmSync(kept, { recursive: true, force: true });
renameSync(fresh, kept);
rmSync(join(fresh, '..'), { recursive: true });
run('scripts/docs.ts');
run('scripts/picture.ts');
