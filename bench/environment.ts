/** What produced a result, beside its scenario: versions, machine, limits, commit. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import os from 'node:os';
import { catalog } from '../servers/catalog.ts';
import type { Environment } from './result.ts';
import type { MachineLimits } from './scenario/limits.ts';
import type { Placement } from './target/cores.ts';

const root = new URL('../', import.meta.url);
const readVersion = (path: string) => (JSON.parse(readFileSync(new URL(path, root), 'utf8')) as { version: string }).version;

export const ssebenchVersion: string = readVersion('package.json');

/** The packages that make the load. */
const clientPackages = ['undici', 'eventsource-parser', 'hdr-histogram-js'];

export function environment(
  servers: readonly string[],
  limits: MachineLimits,
  placement: Placement | undefined,
): Environment {
  const packages = [...clientPackages, ...servers.flatMap((server) => catalog[server]?.packages ?? [])];
  return {
    ssebench: ssebenchVersion,
    commit: commit(),
    node: process.version,
    packages: Object.fromEntries(packages.map((name) => [name, readVersion(`node_modules/${name}/package.json`)])),
    platform: `${os.platform()} ${os.arch()}`,
    kernel: os.release(),
    cpu: os.cpus()[0]?.model.trim() ?? 'unknown',
    cores: os.availableParallelism(),
    memoryBytes: os.totalmem(),
    descriptors: Number.isFinite(limits.descriptors) ? limits.descriptors : null,
    placement: placement ?? null,
  };
}

function commit(): string | null {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain') === '' ? '' : '+');
  } catch {
    return null;
  }
}
