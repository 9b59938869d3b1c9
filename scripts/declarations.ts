/** Finds the type declarations that users of a package need. Pure. */
import { posix } from 'node:path';

const imported = /\b(?:from|import)\s*\(?\s*['"](\.{1,2}\/[^'"]+)\.[tj]s['"]/g;

/**
 * @param entries the declaration files that the package exports, as paths from its root
 * @param read the text of a declaration file
 * @returns these files, and all that they import
 */
export function declarationsFrom(
  entries: readonly string[],
  read: (file: string) => string,
): Set<string> {
  const found = new Set(entries);
  for (const file of found)
    for (const [, path] of read(file).matchAll(imported))
      found.add(posix.join(posix.dirname(file), `${path}.d.ts`));
  return found;
}
