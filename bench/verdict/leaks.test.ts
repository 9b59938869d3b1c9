import { describe, expect, test } from 'vitest';
import type { Held } from '../result/held.ts';
import { leaksOf, withoutConsequences, type ModeRound } from './leaks.ts';

const timer: Held = {
  kind: 'timer',
  what: 'setInterval 1000 ms',
  place: { file: 'src/events.ts', line: 14, column: 3 },
  library: undefined,
  traced: false,
  count: 0,
};
const rounds = (...counts: number[]): ModeRound[] =>
  counts.map((count, index) => ({
    disconnects: index % 2 === 0 ? 50 : 100,
    tookMs: 5_000 + index,
    releasedAfterMs: null,
    grown: count <= 0 ? [] : [{ ...timer, count }],
    shrunk: count >= 0 ? [] : [{ ...timer, count: -count }],
  }));

test.each([
  ['one per disconnect', [50, 100], 1],
  ['two per disconnect', [100, 200], 2],
  ['one per ten disconnects', [5, 10], 0.1],
  ['more rounds, with noise', [5, 10, 6, 11], 0.1],
  ['in addition to some created once', [57, 100], 0.86],
])('%s', (_what, counts, slope) => {
  const [leak, ...others] = leaksOf(rounds(...counts), 0);
  expect(others).toEqual([]);
  expect(leak).toMatchObject({
    ...timer,
    count: counts.reduce((sum, count) => sum + count),
    disconnects: counts.length === 2 ? 150 : 300,
    afterMs: 5_000,
  });
  expect(leak!.perDisconnect).toBeCloseTo(slope, 10);
});

test.each([
  ['no growth', [0, 0]],
  ['a growth in the first round only', [7, 0]],
  ['a growth in the second round only', [0, 7]],
  ['a constant growth per round', [3, 3]],
  ['a smaller growth in the larger round', [9, 3]],
  ['a growth in some rounds', [0, 4, 0, 5]],
])('%s is not a leak', (_what, counts) => expect(leaksOf(rounds(...counts), 0)).toEqual([]));

test.each([
  ['more with more streams', [1_000, 2_000], 20],
  ['less with more streams, because the server was busy', [1_500, 1_200], 18],
])('memory that grows in every round is a leak: %s', (_what, counts, mean) => {
  const memory: Held = { ...timer, kind: 'memory', what: 'queued data', place: undefined };
  const growing = rounds(...counts).map((round, index) => ({
    ...round,
    grown: [{ ...memory, count: counts[index]! }],
  }));
  expect(leaksOf(growing, 0)).toMatchObject([{ kind: 'memory', perDisconnect: mean }]);
  expect(leaksOf([growing[0]!, { ...growing[1]!, grown: [] }], 0)).toEqual([]);
});

test.each([
  ['a constant growth of a quarter of the larger round', [25, 25], 50 / 150],
  ['a constant growth, and once a larger release', [50, 50, -50, 50], 150 / 250],
  ['a round in which more was released than leaked', [50, -1, 50, 100], 1],
])(
  'late releases hide leaks of the next round, and yet are found: %s',
  (_what, counts, perDisconnect) => {
    expect(leaksOf(rounds(...counts), 0)).toMatchObject([
      { perDisconnect: expect.closeTo(perDisconnect, 10) },
    ]);
  },
);
test.each([
  ['a constant growth of less than a quarter', [24, 24]],
  ['a constant growth of only a few', [3, 3], 6],
  ['a growth that was released', [50, -50]],
])('%s is not a leak', (_what, counts, largest = 100) => {
  expect(
    leaksOf(
      rounds(...counts).map((round) => ({
        ...round,
        disconnects: (round.disconnects * largest) / 100,
      })),
      0,
    ),
  ).toEqual([]);
});

test('things released late in every round have the latest time of their release', () => {
  const late = rounds(50, 100).map((round, index) => ({
    ...round,
    releasedAfterMs: 7_000 - index,
  }));
  expect(leaksOf(late, 0)).toMatchObject([
    { perDisconnect: 1, afterMs: 5_000, releasedAfterMs: 7_000 },
  ]);
  expect(leaksOf([late[0]!, { ...late[1]!, releasedAfterMs: null }], 0)).toMatchObject([
    { releasedAfterMs: null },
  ]);
});

test('a tolerated number of leaks is not a leak', () => {
  expect(leaksOf(rounds(5, 10), 0.1)).toEqual([]);
  expect(leaksOf(rounds(5, 10), 0.099)).toHaveLength(1);
});

test('leaks at different places are separate, and a response that a leaked timer holds is not reported', () => {
  const elsewhere = { ...timer, place: { ...timer.place!, line: 20 } };
  const response: Held = {
    kind: 'response',
    what: 'dead response',
    place: undefined,
    library: undefined,
    traced: false,
    count: 0,
  };
  const [some] = rounds(0);
  const grown = (times: number) => [
    { ...timer, count: 10 * times },
    { ...elsewhere, count: 20 * times },
    { ...response, count: 30 * times },
  ];
  const both = [
    { ...some!, disconnects: 50, grown: grown(1) },
    { ...some!, disconnects: 100, grown: grown(2) },
  ];
  expect(leaksOf(both, 0).map(({ place, perDisconnect }) => [place?.line, perDisconnect])).toEqual([
    [20, 0.4],
    [14, 0.2],
  ]);
  const alone = both.map(({ disconnects }) => ({
    ...some!,
    disconnects,
    grown: [{ ...response, count: disconnects }],
  }));
  expect(leaksOf(alone, 0)).toMatchObject([{ kind: 'response', perDisconnect: 1 }]);
});

test('leaks with equal counts have a fixed order', () => {
  const elsewhere = { ...timer, place: { ...timer.place!, line: 20 } };
  const listener: Held = { ...timer, kind: 'listener', what: "listener of 'tick'" };
  const library: Held = { ...timer, place: { ...timer.place!, file: 'node_modules/a/index.js' } };
  const inOrder = [timer, elsewhere, listener, library];
  for (const all of [inOrder, inOrder.toReversed()]) {
    const found = leaksOf(
      rounds(0, 0).map(({ disconnects, ...round }) => ({
        ...round,
        disconnects,
        grown: all.map((held) => ({ ...held, count: disconnects })),
      })),
      0,
    );
    expect(found.map(({ kind, place }) => ({ kind, place }))).toEqual(
      inOrder.map(({ kind, place }) => ({ kind, place })),
    );
  }
});

/** The same rounds for entries of a collection. */
const ofEntries = (...counts: number[]): ModeRound[] =>
  rounds(...counts).map((round) => ({
    ...round,
    grown: round.grown.map((held) => ({ ...held, kind: 'entry' })),
  }));

test('entries that grow with the disconnects may be a leak', () =>
  expect(leaksOf(ofEntries(50, 100), 0)).toMatchObject([{ kind: 'entry', perDisconnect: 1 }]));

test.each([
  ['with the time, like a history of events', [40, 45]],
  ['until a cache is full', [50, 14]],
])('entries that grow %s are not a leak', (_what, counts) =>
  expect(leaksOf(ofEntries(...counts), 0)).toEqual([]),
);

test('entries of a library are the consequence of another leak, if there is one', () => {
  const [leak] = leaksOf(rounds(50, 100), 0);
  const entry = { ...leak!, kind: 'entry' as const };
  const ofLibrary = { ...entry, place: { ...timer.place!, file: 'node_modules/undici/pool.js' } };
  const unknown = { ...entry, place: undefined };
  expect(withoutConsequences([leak!, entry, ofLibrary, unknown])).toEqual([leak, entry]);
  expect(withoutConsequences([ofLibrary])).toEqual([ofLibrary]);
  expect(withoutConsequences([ofLibrary], [leak!])).toEqual([]);
});

describe('code that waits', () => {
  const grown = (...kinds: Held['kind'][]) =>
    [50, 100].map((disconnects): ModeRound => ({
      disconnects,
      tookMs: 5_000,
      releasedAfterMs: null,
      grown: kinds.map((kind) => ({ ...timer, kind, what: kind, count: disconnects })),
      shrunk: [],
    }));
  const kindsOf = (...kinds: Held['kind'][]) => leaksOf(grown(...kinds), 0).map(({ kind }) => kind);

  test.each<Held['kind']>(['timer', 'listener', 'socket'])('waits for a %s that leaks', (kind) => {
    expect(kindsOf('promise', 'generator', 'response', kind)).toEqual([kind]);
  });
  test('waits for a timer whose leak is tolerated', () => {
    const [first, second] = grown('timer', 'promise') as [ModeRound, ModeRound];
    const more = (round: ModeRound): ModeRound => ({
      ...round,
      grown: round.grown.map((held) =>
        held.kind === 'promise' ? { ...held, count: 3 * held.count } : held,
      ),
    });
    expect(leaksOf([more(first), more(second)], 1)).toEqual([]);
  });
  test('is a leak if nothing else is', () => {
    expect(kindsOf('promise', 'response')).toEqual(['promise']);
    expect(kindsOf('generator')).toEqual(['generator']);
  });
  test('is a leak beside entries, which can belong to Node', () => {
    expect(kindsOf('promise', 'entry').toSorted()).toEqual(['entry', 'promise']);
  });
  test('is not a leak without proportion', () => {
    const [first, second] = grown('promise') as [ModeRound, ModeRound];
    expect(leaksOf([first, { ...second, disconnects: 200 }], 0)).toEqual([]);
  });
  test.each<[Held['kind'][], Held['kind'][]]>([
    [['promise', 'generator'], ['generator']],
    [['promise', 'generator', 'entry'], ['entry']],
    [['promise'], ['promise']],
  ])('has its cause reported: %j', (kinds, reported) => {
    const leaks = leaksOf(grown(...kinds), 0);
    expect(withoutConsequences(leaks).map(({ kind }) => kind)).toEqual(reported);
  });
});
