/**
 * The conditions that produced a result, except its scenario: versions, machine, limits, commit.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, realpathSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { catalog } from '../../servers/catalog.ts';
import type { Environment } from '../result/run-result.ts';
import type { MachineLimits } from '../scenario/limits.ts';
import type { Placement } from '../system/cores.ts';
import { serversManifest } from '../system/servers-package.ts';

const root = new URL('../../', import.meta.url);

interface Manifest {
  version: string;
  dependencies: Record<string, string>;
}
const readManifest = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as Manifest;
const ownManifest = fileURLToPath(new URL('package.json', root));

export const ssebenchVersion: string = readManifest(ownManifest).version;

/** The packages that generate the load. */
const clientPackages = ['undici', 'eventsource-parser', 'hdr-histogram-js'];

export function environment(
  servers: readonly string[],
  limits: MachineLimits,
  placement: Placement | undefined,
): Environment {
  const packages = servers.flatMap((server) => catalog[server]?.packages ?? []);
  return {
    ssebench: ssebenchVersion,
    commit: commit(),
    node: process.version,
    packages: {
      ...versionsOf(clientPackages, ownManifest),
      ...versionsOf(packages, serversManifest()),
    },
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
 * The versions that Node would resolve, regardless of where npm has installed the packages. A
 * package that is not a direct dependency is resolved from the package named before it, because
 * another version of it may be installed here.
 *
 * @param dependent the `package.json` of the package that depends on them; without it, there are
 *   none
 */
function versionsOf(
  names: readonly string[],
  dependent: string | undefined,
): Record<string, string> {
  if (dependent === undefined) return {};
  const { dependencies } = readManifest(dependent);
  const versions: Record<string, string> = {};
  let before = dependent;
  for (const name of names) {
    const path = manifestOf(name, Object.hasOwn(dependencies, name) ? dependent : before);
    if (path === undefined) continue;
    versions[name] = readManifest(path).version;
    before = path;
  }
  return versions;
}

/**
 * @returns its real path, from which its own dependencies are resolved; `undefined` if it is not
 * installed. In that case its server prints the better message.
 */
function manifestOf(name: string, from: string): string | undefined {
  try {
    const path = findPackageJSON(name, from);
    return path && realpathSync(path);
  } catch {
    return undefined;
  }
}

/**
 * The commit of this repository; `null` for an installed package, whose folder belongs to the
 * user's repository.
 */
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
