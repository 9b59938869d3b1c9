/** The `package.json` of a published package. Pure. */

export interface Manifest {
  [field: string]: unknown;
  repository?: { url: string };
  bin?: Record<string, string>;
  exports: Record<string, string>;
}

/**
 * Fields that only developers of ssebench need. The most important is the pinned Node: a user's own
 * scripts would run on it.
 */
const ours = /^(private|workspaces|scripts|devDependencies|optionalDependencies)$/;

/**
 * @param manifest of the repository, where exports and commands are TypeScript
 * @param repository its public address, if it has one
 */
export function published(manifest: Manifest, repository: string | undefined): object {
  const { bin, exports, ...fields } = manifest;
  return {
    ...Object.fromEntries(Object.entries(fields).filter(([name]) => !ours.test(name))),
    ...(repository !== undefined && { repository: { type: 'git', url: `git+${repository}.git` } }),
    // Asks for a newer Node if it is too old.
    ...(bin && { bin: mapped(bin, () => 'bench/bin.js') }),
    exports: mapped(exports, (path) => ({
      types: path.replace(/\.ts$/, '.d.ts'),
      default: path.replace(/\.ts$/, '.js'),
    })),
  };
}

const mapped = <T>(table: Record<string, string>, map: (path: string) => T) =>
  Object.fromEntries(Object.entries(table).map(([name, path]) => [name, map(path)]));
