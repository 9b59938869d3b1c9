import { describe, expect, test } from 'vitest';
import { grownBetween, heldKey, noNoise, type Held, type HeldKind } from '../result/held.ts';
import { isCertain, judge, type CountedRound, type Judgement } from './confirm.ts';
import type { Leak } from '../result/leak-result.ts';

const thing = (count: number, kind: HeldKind = 'timer'): Held => ({
  kind,
  what: 'it',
  place: undefined,
  traced: false,
  count,
});
const key = heldKey(thing(0));

interface Counts {
  before: number;
  first?: number;
  held: number;
  after?: number;
}
function roundOf(
  { before, held, first = held, after = held }: Counts,
  disconnects: number,
  kind: HeldKind = 'timer',
): CountedRound {
  const [from, to] = [[thing(before, kind)], [thing(held, kind)]];
  return {
    disconnects,
    tookMs: 5_000,
    releasedAfterMs: null,
    grown: grownBetween(from, to),
    shrunk: grownBetween(to, from),
    before: from,
    first: [thing(first, kind)],
    held: to,
    after: [thing(after, kind)],
  };
}
const leakOf = (perDisconnect: number, count: number, kind: HeldKind = 'timer'): Leak => ({
  ...thing(count, kind),
  perDisconnect,
  disconnects: 150,
  afterMs: 5_000,
  releasedAfterMs: null,
});

describe('certain after the usual rounds', () => {
  const isSo = (smaller: Counts, larger: Counts, mark = 0, rise = 0) => {
    const count = smaller.held - smaller.before + larger.held - larger.before;
    return isCertain(
      leakOf(count / 150, count),
      [roundOf(smaller, 50), roundOf(larger, 100)],
      [thing(mark)],
      rise > 0 ? new Map([[key, rise]]) : noNoise,
    );
  };
  test.each<[string, Counts, Counts]>([
    ['one for each disconnect', { before: 0, held: 50 }, { before: 50, held: 150 }],
    ['one for three', { before: 0, held: 16 }, { before: 16, held: 50 }],
    ['a few between two sleeps', { before: 0, held: 48 }, { before: 48, held: 145 }],
  ])('%s', (_what, smaller, larger) => expect(isSo(smaller, larger)).toBe(true));
  test.each<[string, Counts, Counts, number?, number?]>([
    [
      'as many after more disconnects: a pool may grow so',
      { before: 0, held: 50 },
      { before: 50, held: 100 },
    ],
    [
      'what goes later: a pool may close so',
      { before: 0, held: 50, after: 0 },
      { before: 0, held: 100, after: 0 },
    ],
    [
      'less than there was before: a pool may fill again',
      { before: 0, held: 50 },
      { before: 50, held: 150 },
      150,
    ],
    ['few', { before: 0, held: 5 }, { before: 5, held: 15 }],
    ['what rises without clients', { before: 0, held: 50 }, { before: 50, held: 150 }, 0, 1],
  ])('not %s', (_what, smaller, larger, mark, rise) =>
    expect(isSo(smaller, larger, mark, rise)).toBe(false),
  );
});

describe('a pair', () => {
  const stays = [roundOf({ before: 0, held: 50 }, 50), roundOf({ before: 50, held: 150 }, 100)];
  const late = [
    roundOf({ before: 0, held: 50, after: 0 }, 50),
    roundOf({ before: 0, held: 100, after: 0 }, 100),
  ];
  const judged = (
    smaller: Counts,
    larger: Counts,
    { usual = stays, perDisconnect = 1, rise = 0 } = {},
  ) =>
    judge(
      leakOf(perDisconnect, 150),
      usual,
      [roundOf(smaller, 200), roundOf(larger, 400)],
      rise > 0 ? new Map([[key, rise]]) : noNoise,
      100,
    );
  type Case = [string, Counts, Counts, object?];
  const all: Record<Judgement, Case[]> = {
    confirmed: [
      ['one for each disconnect', { before: 150, held: 350 }, { before: 350, held: 750 }],
      [
        'one for three, over noise',
        { before: 150, held: 217 },
        { before: 217, held: 350 },
        { perDisconnect: 0.33, rise: 40 },
      ],
      [
        'one for three, where a pool or noise had let expect more',
        { before: 150, held: 217 },
        { before: 217, held: 350 },
        { perDisconnect: 1.2 },
      ],
      [
        'beside a pool that closes',
        { before: 250, held: 350, first: 450 },
        { before: 350, held: 750, first: 850 },
      ],
      [
        'beside a pool that closes so late that it seems to be the finding',
        { before: 0, held: 167 },
        { before: 67, held: 300, first: 300 },
        { usual: late },
      ],
      ['what is late', { before: 0, held: 200 }, { before: 200, held: 400 }, { usual: late }],
      [
        'what is a little late, and went of the first crowds before the deadline of the last',
        { before: 0, first: 200, held: 200 },
        { before: 200, first: 400, held: 200 },
        { usual: late },
      ],
    ],
    refuted: [
      [
        'a few more than a full pool, which met the next crowd',
        { before: 100, held: 103 },
        { before: 103, held: 108 },
      ],
      ['a pool that is full', { before: 100, held: 100 }, { before: 100, held: 100 }],
      ['a pool that was filled again', { before: 0, held: 100 }, { before: 100, held: 100 }],
      [
        'a pool that closed before one deadline, and not the other',
        { before: 0, first: 100, held: 0 },
        { before: 0, first: 100, held: 100 },
      ],
      [
        'a pool that closes late',
        { before: 0, first: 100, held: 100 },
        { before: 100, first: 100, held: 100 },
        { usual: late },
      ],
      [
        'what is released in time',
        { before: 0, first: 200, held: 0 },
        { before: 0, first: 400, held: 0 },
      ],
      [
        'less than noise',
        { before: 150, held: 160 },
        { before: 160, held: 190 },
        { perDisconnect: 0.33, rise: 40 },
      ],
    ],
    unclear: [
      [
        'a few where few were expected: a leak, or a pool that crowds share',
        { before: 100, held: 103 },
        { before: 103, held: 108 },
        { perDisconnect: 0.03 },
      ],
      [
        'more than noise, but no more than three times that',
        { before: 150, held: 217 },
        { before: 217, held: 300 },
        { perDisconnect: 0.33, rise: 40 },
      ],
      [
        'much in one round only: it may have come by itself',
        { before: 150, held: 160 },
        { before: 160, held: 400 },
        { perDisconnect: 0.33, rise: 40 },
      ],
      [
        'less at the peak, where a pool closed meanwhile',
        { before: 300, held: 400 },
        { before: 400, first: 380, held: 380 },
      ],
    ],
  };
  describe.each(Object.entries(all))('is %s by', (judgement, cases) => {
    test.each(cases)('%s', (_what, smaller, larger, more) =>
      expect(judged(smaller, larger, more)).toBe(judgement),
    );
  });

  test('a rate need not add up, but must exceed its noise', () => {
    const rate = leakOf(1, 150, 'wakeup');
    const pair = (held: number) =>
      [
        roundOf({ before: 1, held }, 200, 'wakeup'),
        roundOf({ before: held, held }, 400, 'wakeup'),
      ] as const;
    const noise = new Map([[heldKey(rate), 5]]);
    expect(judge(rate, stays, pair(20), noise, 100)).toBe('confirmed');
    expect(judge(rate, stays, pair(14), noise, 100)).toBe('refuted');
  });
});
