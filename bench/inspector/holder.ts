/** Finds the variable that holds an object, in a snapshot of the heap. Pure. */
import type { CodeLocation, HeapGraph, Reference } from './heap-snapshot.ts';

/** How a program reaches an object. */
export interface HolderPath {
  /**
   * The variable, and the properties that lead from it to the object: `['hub', 'clients']`. Empty
   * for an exported variable, whose name V8 does not keep.
   */
  names: string[];
  /**
   * The class of the object that has the last property, if it belongs to the program; otherwise code
   * that uses the variable. `undefined` for a property of the global object.
   */
  code: CodeLocation | undefined;
}

interface Path {
  node: number;
  names: string[];
  owner: CodeLocation | undefined;
}

/** More steps than a name that a person would write. */
const mostSteps = 8;
/** A bound for objects to which a large part of the heap refers. */
const mostNodes = 5_000;

/**
 * @param isPreferred whether code belongs to the program, and not to Node or a library
 * @returns the shortest path; `undefined` if no variable holds the object
 */
export function holderIn(
  graph: HeapGraph,
  object: number,
  isPreferred: (code: CodeLocation) => boolean,
): HolderPath | undefined {
  const seen = new Set([object]);
  let paths: Path[] = [{ node: object, names: [], owner: undefined }];
  for (let step = 0; step < mostSteps && paths.length > 0; step++) {
    const found: HolderPath[] = [];
    const next: Path[] = [];
    for (const { node, names, owner } of paths) {
      for (const reference of graph.referencesTo(node)) {
        const end = endOf(graph, reference, names);
        if (end) found.push({ ...end, code: owner ?? end.code });
        const { from } = reference;
        if (end || seen.has(from) || !isFollowed(graph, reference)) continue;
        seen.add(from);
        if (seen.size >= mostNodes) continue;
        const location = reference.type === 'property' ? graph.locationOf(from) : undefined;
        next.push({
          node: from,
          names: [...namesOf(graph, reference), ...names],
          owner: owner ?? (location && isPreferred(location) ? location : undefined),
        });
      }
    }
    const [first] = found;
    if (first) return found.find(({ code }) => code && isPreferred(code)) ?? first;
    paths = next;
  }
  return undefined;
}

/** The path, if it ends with this reference. */
function endOf(
  graph: HeapGraph,
  { from, type, name }: Reference,
  names: string[],
): HolderPath | undefined {
  if (type === 'context') {
    const code = codeOf(graph, from);
    return code && { names: [name, ...names], code };
  }
  if (type === 'property' && graph.nameOf(from).startsWith('global'))
    return { names: ['globalThis', name, ...names], code: undefined };
  if (graph.nameOf(from) === 'system / SourceTextModule') {
    const code = graph
      .referredBy(from)
      .map(graph.locationOf)
      .find((location) => location);
    return code && { names, code };
  }
  return undefined;
}

/** A function that uses the variables of a context. */
const codeOf = (graph: HeapGraph, context: number) =>
  graph
    .referencesTo(context)
    .filter(({ type, name }) => type === 'internal' && name === 'context')
    .map(({ from }) => graph.locationOf(from))
    .find((location) => location);

/** The structures of V8 between an object and the variable or property that holds it. */
const ofV8 = /^$|^system \/ Cell$/;
const isCollection = /^(?:Weak)?(?:Map|Set)$/;

/** Whether a reference may be part of a name. */
function isFollowed(graph: HeapGraph, { from, type }: Reference): boolean {
  if (type === 'property' || type === 'element') return true;
  const name = graph.nameOf(from);
  return type === 'internal' && (ofV8.test(name) || isCollection.test(name));
}

function namesOf(graph: HeapGraph, { from, type, name }: Reference): string[] {
  if (type === 'property') return [name];
  return type === 'element' || isCollection.test(graph.nameOf(from)) ? ['[…]'] : [];
}

/** `hub.clients`, `rooms[…]`. */
export const pathText = (names: readonly string[]): string => names.join('.').replaceAll('.[', '[');
