/**
 * Finds the package `ssebench-servers`: the reference servers, their frameworks, and autocannon.
 * The package `ssebench` has only the list of these servers, so that it is small.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire, findPackageJSON } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const name = 'ssebench-servers';

/** Exists only in the repository, where the servers are beside their list. */
const beside = fileURLToPath(new URL('../../servers/package.json', import.meta.url));

/**
 * @returns the path of its `package.json`, or `undefined` if it is not installed. The user's project
 *   comes first, because `npx` keeps ssebench in a folder of its own.
 */
export function serversManifest(): string | undefined {
  if (existsSync(beside)) return beside;
  const project = pathToFileURL(join(process.cwd(), 'package.json'));
  return installedFrom(project) ?? installedFrom(import.meta.url);
}

function installedFrom(base: string | URL): string | undefined {
  try {
    return findPackageJSON(name, base);
  } catch {
    return undefined;
  }
}

/**
 * The file of a reference server.
 *
 * @param listed its file in `servers/catalog.ts`; other files stay as they are
 */
export function serverFile(listed: string): string {
  const manifest = existsSync(listed) ? undefined : serversManifest();
  return manifest === undefined ? listed : join(dirname(manifest), basename(listed));
}

/** The address of a module that `ssebench-servers` depends on. */
export const moduleOfServers = (specifier: string): string =>
  pathToFileURL(createRequire(serversManifest()!).resolve(specifier)).href;

/** The command that installs the package in the user's project. */
export const installCommand = (version: string): readonly [string, ...string[]] => [
  'npm',
  'install',
  '--save-dev',
  `${name}@${version}`,
];

/** @returns why the reference servers cannot be started, or `undefined` */
export function whyNoServers(version: string): string | undefined {
  const manifest = serversManifest();
  if (manifest === beside) return undefined;
  if (manifest === undefined) return `need the package ${name}, which is not installed`;
  const { version: found } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  return found === version
    ? undefined
    : `need ${name} ${version}, because this is ssebench ${version}; ${found} is installed`;
}
