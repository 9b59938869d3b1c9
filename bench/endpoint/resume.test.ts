import { expect, test } from 'vitest';
import { idToResumeAfter, resumptionOf, type Resumption } from './resume.ts';

const withIds = (...ids: readonly (string | number | null)[]) =>
  ids.map((id, place) => ({ atMs: place, id: id === null ? null : String(id) }));

test.each([
  ['no ids', [null, null], undefined],
  ['one id', [null, 7], '7'],
  ['more ids', [7, null, 8, 9], '8'],
  ['many ids', [1, 2, 3, 4, 5], '4'],
  ['an id that never changes', [7, 7, 7], '7'],
])('with %s, a reconnect continues after %s', (_what, ids, expected) =>
  expect(idToResumeAfter(withIds(...ids))).toBe(expected),
);

test.each<
  [what: string, first: (string | number)[], resumed: (string | number | null)[], Resumption]
>([
  ['the next event', [0, 1, 2, 3], [2, 3], 'honoured'],
  ['a greeting, then the next event', [0, 1, 2, 3], [0, 2, 3], 'honoured'],
  ['an event without id, then the next', [0, 1, 2, 3], [null, 2], 'honoured'],
  ['a counter from the start', [0, 1, 2, 3], [0, 1, 2], 'repeated'],
  ['the same event', [0, 1, 2, 3], [1, 2], 'repeated'],
  ['live events of a feed', [0, 1, 2, 3, 4, 5], [4, 5], 'skipped'],
  ['ids of another space', [0, 1, 2, 3], ['a', 'b'], 'unknown'],
  ['a possible greeting alone', [0, 1, 2, 3], [0], 'unknown'],
  ['no event', [0, 1, 2, 3], [], 'unknown'],
  ['an id that never changes', [5, 5], [5], 'unknown'],
  ['the current state, with its version', [5], [5, 6], 'unknown'],
])('%s', (_what, first, resumed, expected) => {
  const events = withIds(...first);
  const after = idToResumeAfter(events.slice(0, 3))!; // the others arrive after the reconnect
  expect(resumptionOf(events, after, withIds(...resumed))).toBe(expected);
});
