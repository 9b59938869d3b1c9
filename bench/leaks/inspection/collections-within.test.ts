import { expect, test } from 'vitest';
import { collectionCounter, forgetCollections, rememberCollections } from './collections-within.ts';

/** The growth of these objects since the last call with them. */
function grown(objects: object[], own: object[] = []) {
  const counter = collectionCounter();
  for (const object of objects) counter.add(object);
  return counter.grown(new Set(own)).map(({ kind, entries }) => `${kind} +${entries}`);
}
const five = [1, 2, 3, 4, 5];

test('a collection counts by how much it has grown since it was first seen', () => {
  const [map, set, list] = [new Map(five.map((n) => [n, n])), new Set(five), [...five]];
  expect(grown([map, set, list])).toEqual([]);
  map.set(6, 6);
  set.add(6).add(7);
  list.push(6, 7, 8);
  expect(grown([map, set, list])).toEqual(['Map +1', 'Set +2', 'array +3']);
  list.length = 5;
  expect(grown([map, set, list])).toEqual(['Map +1', 'Set +2']);
});

test('a collection is first seen when it has five entries', () => {
  const set = new Set([1]);
  expect(grown([set])).toEqual([]);
  for (const n of five) set.add(n);
  expect(grown([set])).toEqual([]);
  set.add(6);
  expect(grown([set])).toEqual(['Set +1']);
});

test('collections of ssebench do not count', () => {
  const list = [...five];
  grown([list]);
  list.push(6);
  expect(grown([list], [list])).toEqual([]);
});

test('a prototype is not a collection', () => {
  class Rooms extends Map {}
  expect(grown([Map.prototype, Set.prototype, Array.prototype, Rooms.prototype])).toEqual([]);
});

test('an array counts even if the prototype of a subclass was seen before', () => {
  class Rooms extends Array {}
  const list = [...five];
  grown([Rooms.prototype, list]);
  list.push(6);
  expect(grown([Rooms.prototype, list])).toEqual(['array +1']);
});

test('only collections that have grown are remembered by name', () => {
  forgetCollections();
  const [map, lists] = [new Map(five.map((n) => [n, n])), five.map(() => [...five])];
  grown([map, ...lists]);
  map.set(6, 6);
  grown([map, ...lists]);
  const { byId } = (globalThis as never as Record<symbol, { byId: Map<string, object> }>)[
    Symbol.for('ssebench.collections')
  ]!;
  expect(byId.size).toBe(1);
  forgetCollections();
  expect(Object.getOwnPropertySymbols(globalThis)).not.toContain(
    Symbol.for('ssebench.collections'),
  );
});

test('a registry can leave out larger collections than usual', () => {
  forgetCollections();
  rememberCollections(7);
  const list = [...five];
  grown([list]);
  list.push(6);
  expect(grown([list])).toEqual([]);
  list.push(7);
  expect(grown([list])).toEqual([]);
  list.push(8);
  expect(grown([list])).toEqual(['array +1']);
  forgetCollections();
});
