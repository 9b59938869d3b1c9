/** What produced a result, beside its scenario: versions, machine, limits, commit. */
import { execFileSync } from 'node:child_process';
import { readFileSync, realpathSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import os from 'node:os';
import { catalog } from '../../servers/catalog.ts';
import type { Environment } from '../result/run-result.ts';
import type { MachineLimits } from '../scenario/limits.ts';
import type { Placement } from '../system/cores.ts';

const root = new URL('../../', import.meta.url);

interface Manifest {
  version: string;
  dependencies: Record<string, string>;
}
const readManifest = (path: string | URL) => JSON.parse(readFileSync(path, 'utf8')) as Manifest;
const ours = readManifest(new URL('package.json', root));

export const ssebenchVersion: string = ours.version;

/** The packages that make the load. */
const clientPackages = ['undici', 'eventsource-parser', 'hdr-histogram-js'];

export function environment(
  servers: readonly string[],
  limits: MachineLimits,
  placement: Placement | undefined,
): Environment {
  const packages = [
    ...clientPackages,
    ...servers.flatMap((server) => catalog[server]?.packages ?? []),
  ];
  return {
    ssebench: ssebenchVersion,
    commit: commit(),
    node: process.version,
    packages: versionsOf(packages),
    platform: `${os.platform()} ${os.arch()}`,
    kernel: os.release(),
    cpu: os.cpus()[0]?.model.trim() ?? 'unknown',
    cores: os.availableParallelism(),
    memoryBytes: os.totalmem(),
    descriptors: Number.isFinite(limits.descriptors) ? limits.descriptors : null,
    placement: placement ?? null,
  };
}

/**
 * The versions as Node would resolve them from here, wherever npm has put the packages. What is no dependency of ours
 * came with the package that is named before it, and may have a namesake beside us.
 */
function versionsOf(names: readonly string[]): Record<string, string> {
  const versions: Record<string, string> = {};
  let before = import.meta.url;
  for (const name of names) {
    const path = manifestOf(
      name,
      Object.hasOwn(ours.dependencies, name) ? import.meta.url : before,
    );
    if (path === undefined) continue;
    versions[name] = readManifest(path).version;
    before = path;
  }
  return versions;
}

/** @returns its real place, from which its own packages are found; nothing where it is not installed, which its server says better */
function manifestOf(name: string, from: string): string | undefined {
  try {
    const path = findPackageJSON(name, from);
    return path && realpathSync(path);
  } catch {
    return undefined;
  }
}

/** Of the repository that is ours; a package in somebody's project stands in theirs. */
function commit(): string | null {
  const git = (...args: string[]) =>
    execFileSync('git', args, {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  try {
    if (git('rev-parse', '--show-prefix') !== '') return null;
    return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain') === '' ? '' : '+');
  } catch {
    return null;
  }
}
