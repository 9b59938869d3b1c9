/** A snapshot of V8's heap as a graph, read backwards: which objects refer to an object. Pure. */

/** The parts of V8's format that are read here. */
export interface HeapSnapshot {
  snapshot: {
    meta: {
      node_fields: string[];
      node_types: [string[], ...unknown[]];
      edge_fields: string[];
      edge_types: [string[], ...unknown[]];
    };
  };
  /** Flat rows of `node_fields`, whose first edges follow one another in `edges`. */
  nodes: number[];
  edges: number[];
  /** Rows of: place in `nodes`, script, line and column, both from 0. */
  locations: number[];
  strings: string[];
}

/** A reference to an object. */
export interface Reference {
  /** The object that refers, by its place in the snapshot. */
  from: number;
  /** V8's type, such as `property`, `context` for a variable of a closure, or `weak`. */
  type: string;
  /** The name of the property or variable, or an index. */
  name: string;
}

/** Where the code of a function, or of the class of an object, begins. Both count from 0. */
export interface CodeLocation {
  scriptId: string;
  line: number;
  column: number;
}

export interface HeapGraph {
  /** @returns `undefined` if the snapshot does not contain the object */
  nodeOf(id: number): number | undefined;
  nameOf(node: number): string;
  referencesTo(node: number): readonly Reference[];
  referredBy(node: number): readonly number[];
  locationOf(node: number): CodeLocation | undefined;
}

const locationFields = 4;

export function graphOf({ snapshot, nodes, edges, locations, strings }: HeapSnapshot): HeapGraph {
  const { node_fields: nodeFields, edge_fields: edgeFields, edge_types } = snapshot.meta;
  const [size, edgeSize] = [nodeFields.length, edgeFields.length];
  const at = (field: string) => nodeFields.indexOf(field);
  const [nameAt, idAt, countAt] = [at('name'), at('id'), at('edge_count')];
  const edgeTypes = edge_types[0];
  // There are millions of nodes and edges, so these are arrays of numbers, and no maps.
  const firstEdges = new Int32Array(nodes.length / size);
  /** The places of the edges that end at a node, as a chain: the last one, and one before each. */
  const lastTo = new Int32Array(nodes.length / size).fill(-1);
  const before = new Int32Array(edges.length / edgeSize);
  const fromOf = new Int32Array(edges.length / edgeSize);
  for (let node = 0, edge = 0; node < nodes.length; node += size) {
    firstEdges[node / size] = edge;
    for (const end = edge + nodes[node + countAt]!; edge < end; edge++) {
      const to = edges[edge * edgeSize + 2]!;
      before[edge] = lastTo[to / size]!;
      fromOf[edge] = node;
      lastTo[to / size] = edge;
    }
  }
  const located = new Map<number, CodeLocation>();
  for (let row = 0; row < locations.length; row += locationFields)
    located.set(locations[row]!, {
      scriptId: String(locations[row + 1]),
      line: locations[row + 2]!,
      column: locations[row + 3]!,
    });
  const isIndex = (type: string) => type === 'element' || type === 'hidden';
  return {
    nodeOf(id) {
      for (let node = 0; node < nodes.length; node += size)
        if (nodes[node + idAt] === id) return node;
      return undefined;
    },
    nameOf: (node) => strings[nodes[node + nameAt]!]!,
    referencesTo(node) {
      const found: Reference[] = [];
      for (let edge = lastTo[node / size]!; edge >= 0; edge = before[edge]!) {
        const type = edgeTypes[edges[edge * edgeSize]!]!;
        const name = edges[edge * edgeSize + 1]!;
        found.push({ from: fromOf[edge]!, type, name: isIndex(type) ? `${name}` : strings[name]! });
      }
      return found.toReversed();
    },
    referredBy(node) {
      const first = firstEdges[node / size] ?? 0;
      return Array.from(
        { length: nodes[node + countAt] ?? 0 },
        (_, place) => edges[(first + place) * edgeSize + 2]!,
      );
    },
    locationOf: (node) => located.get(node),
  };
}
