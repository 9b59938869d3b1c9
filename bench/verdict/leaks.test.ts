import { expect, test } from 'vitest';
import type { Held } from '../result/held.ts';
import { leaksOf, type ModeRound } from './leaks.ts';

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
  ['one for each disconnect', [50, 100], 1],
  ['two for each', [100, 200], 2],
  ['one for each tenth', [5, 10], 0.1],
  ['over more rounds, with noise', [5, 10, 6, 11], 0.1],
  ['beside some that came once', [57, 100], 0.86],
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
  ['nothing', [0, 0]],
  ['what comes once', [7, 0]],
  ['what comes once, later', [0, 7]],
  ['what comes once a round', [3, 3]],
  ['what comes less with more', [9, 3]],
  ['what does not come each time', [0, 4, 0, 5]],
])('%s is no leak', (_what, counts) => expect(leaksOf(rounds(...counts), 0)).toEqual([]));

test.each([
  ['more with more streams', [1_000, 2_000], 20],
  ['less with more, since the server had no more time', [1_500, 1_200], 18],
])('memory that grows each time: %s', (_what, counts, mean) => {
  const memory: Held = { ...timer, kind: 'memory', what: 'what waits', place: undefined };
  const growing = rounds(...counts).map((round, index) => ({
    ...round,
    grown: [{ ...memory, count: counts[index]! }],
  }));
  expect(leaksOf(growing, 0)).toMatchObject([{ kind: 'memory', perDisconnect: mean }]);
  expect(leaksOf([growing[0]!, { ...growing[1]!, grown: [] }], 0)).toEqual([]);
});

test.each([
  ['as many each time as a quarter of the larger round', [25, 25], 50 / 150],
  ['as many each time, and then less than those that went', [50, 50, -50, 50], 150 / 250],
  ['so many that more went than stayed', [50, -1, 50, 100], 1],
])('what was late hides as many of the next round: %s', (_what, counts, perDisconnect) => {
  expect(leaksOf(rounds(...counts), 0)).toMatchObject([
    { perDisconnect: expect.closeTo(perDisconnect, 10) },
  ]);
});
test.each([
  ['less than a quarter', [24, 24]],
  ['only a few, though they are a share of few streams', [3, 3], 6],
  ['what came once and went', [50, -50]],
])('%s is no leak', (_what, counts, largest = 100) => {
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

test('what goes after all, each time, is late; when it went at the latest', () => {
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

test('what a person allows is no leak', () => {
  expect(leaksOf(rounds(5, 10), 0.1)).toEqual([]);
  expect(leaksOf(rounds(5, 10), 0.099)).toHaveLength(1);
});

test('places are told apart; a response that a leaked timer keeps is not told of', () => {
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

test('leaks of the same count come in one order, whatever the order in which they were found', () => {
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
