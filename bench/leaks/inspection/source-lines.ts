/**
 * Finds in the text of a program where a collection is declared, and where entries are added to it.
 * It searches for words, and does not parse. Pure.
 */

/** Both start at 1. */
export interface Position {
  line: number;
  column: number;
}

export type CollectionKind = 'Map' | 'Set' | 'array';

const additions: Record<CollectionKind, string> = {
  Map: '\\.set\\(',
  Set: '\\.add\\(',
  array: '\\.(?:push|unshift)\\(',
};
const escaped = (text: string) => text.replaceAll(/[^\w]/g, String.raw`\$&`);

/**
 * @param names the variable and the properties that lead to the collection
 * @returns `undefined` if no line looks like the declaration
 */
export function declarationIn(source: string, names: readonly string[]): Position | undefined {
  const name = lastOf(names);
  if (name === undefined) return undefined;
  const isVariable = names.length === 1;
  const pattern = isVariable
    ? String.raw`\b(?:const|let|var)\s+(?:[^=;]*[,{[]\s*)?${name}(?![\w$])|,\s*${name}\s*(?::[^=;]*)?=(?!=)`
    : String.raw`(?:^|[\s{(,.])${name}\s*(?::[^=;\n]*)?(?:[=:]|\?\?=)(?!=)`;
  return positionsOf(source, pattern, name)[0];
}

/** @returns the only place where entries are added; `undefined` if there are several, or none */
export function additionIn(
  source: string,
  names: readonly string[],
  kind: CollectionKind,
): Position | undefined {
  const name = lastOf(names);
  if (name === undefined) return undefined;
  const found = positionsOf(source, String.raw`(?<![\w$])${name}\??${additions[kind]}`, name);
  return found.length === 1 ? found[0] : undefined;
}

/** An element of a collection has no name of its own. */
function lastOf(names: readonly string[]): string | undefined {
  const name = names.at(-1);
  return name === undefined || name.startsWith('[') ? undefined : escaped(name);
}

function positionsOf(source: string, pattern: string, name: string): Position[] {
  return source.split('\n').flatMap((text, place): Position[] => {
    if (/^\s*(?:\/\/|\*|\/\*)/.test(text)) return [];
    return [...text.matchAll(new RegExp(pattern, 'g'))].map(({ index, 0: match }) => ({
      line: place + 1,
      column: index + match.search(name) + 1,
    }));
  });
}
