import { expect, test } from 'vitest';
import { graphOf, type HeapSnapshot } from './heap-snapshot.ts';
import { holderIn, pathText } from './holder.ts';

type Edge = [
  type: 'context' | 'element' | 'property' | 'internal' | 'weak',
  name: string,
  to: string,
];
const edgeTypes = ['context', 'element', 'property', 'internal', 'weak'];

/** A snapshot with these objects: their names, and what they refer to. Locations are lines. */
function snapshotOf(
  objects: Record<string, Edge[]>,
  lines: Record<string, number> = {},
): HeapSnapshot {
  const names = Object.keys(objects);
  const strings = [
    ...names.map((name) => name.replace(/#.*/, '')),
    ...Object.values(objects)
      .flat()
      .map(([, name]) => name),
  ];
  return {
    snapshot: {
      meta: {
        node_fields: ['type', 'name', 'id', 'self_size', 'edge_count'],
        node_types: [[]],
        edge_fields: ['type', 'name_or_index', 'to_node'],
        edge_types: [edgeTypes],
      },
    },
    nodes: names.flatMap((name, place) => [0, place, place + 1, 8, objects[name]!.length]),
    edges: Object.values(objects)
      .flat()
      .flatMap(([type, name, to]) => [
        edgeTypes.indexOf(type),
        type === 'element' ? Number(name) : strings.indexOf(name),
        5 * names.indexOf(to),
      ]),
    locations: Object.entries(lines).flatMap(([name, line]) => [
      5 * names.indexOf(name),
      7,
      line,
      0,
    ]),
    strings,
  };
}
function holderOf(snapshot: HeapSnapshot, isPreferred = (_line: number) => true) {
  const graph = graphOf(snapshot);
  const found = holderIn(graph, graph.nodeOf(1)!, ({ line }) => isPreferred(line));
  return found && `${pathText(found.names)} at ${found.code?.line}`;
}

test('a variable of a module is found', () => {
  const snapshot = snapshotOf(
    {
      'Map#it': [],
      'system / Context': [['context', 'sessions', 'Map#it']],
      open: [['internal', 'context', 'system / Context']],
    },
    { open: 12 },
  );
  expect(holderOf(snapshot)).toBe('sessions at 12');
});

test('a property is found with its variable, and with the line of its class', () => {
  const snapshot = snapshotOf(
    {
      'Set#it': [],
      Hub: [['property', 'clients', 'Set#it']],
      'system / Context': [['context', 'hub', 'Hub']],
      open: [['internal', 'context', 'system / Context']],
    },
    { open: 12, Hub: 3 },
  );
  expect(holderOf(snapshot)).toBe('hub.clients at 3');
});

test('an element of another collection is found', () => {
  const snapshot = snapshotOf(
    {
      'Set#it': [],
      '#table': [['internal', '5', 'Set#it']],
      'Map#rooms': [['internal', 'table', '#table']],
      'system / Context': [['context', 'rooms', 'Map#rooms']],
      open: [['internal', 'context', 'system / Context']],
    },
    { open: 12 },
  );
  expect(holderOf(snapshot)).toBe('rooms[…] at 12');
});

test('code of the program is preferred', () => {
  const snapshot = snapshotOf(
    {
      'Map#it': [],
      'system / Context#1': [['context', 'map', 'Map#it']],
      'system / Context#2': [['context', 'sessions', 'Map#it']],
      library: [['internal', 'context', 'system / Context#1']],
      open: [['internal', 'context', 'system / Context#2']],
    },
    { library: 99, open: 12 },
  );
  expect(holderOf(snapshot, (line) => line === 12)).toBe('sessions at 12');
});

test('a property of the global object has no code', () => {
  const snapshot = snapshotOf({ 'Map#it': [], global: [['property', 'cache', 'Map#it']] });
  expect(holderOf(snapshot)).toBe('globalThis.cache at undefined');
});

test('a weak reference does not hold', () => {
  const snapshot = snapshotOf({
    'Map#it': [],
    'system / Context': [['weak', 'sessions', 'Map#it']],
    itself: [['property', 'self', 'itself']],
  });
  expect(holderOf(snapshot)).toBeUndefined();
});
