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

describe('after the usual rounds, a finding', () => {
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
    ['one per disconnect', { before: 0, held: 50 }, { before: 50, held: 150 }],
    ['one per three disconnects', { before: 0, held: 16 }, { before: 16, held: 50 }],
    [
      'slightly fewer, because some loops are between two sleeps',
      { before: 0, held: 48 },
      { before: 48, held: 145 },
    ],
  ])('is certain: %s', (_what, smaller, larger) => expect(isSo(smaller, larger)).toBe(true));
  test.each<[string, Counts, Counts, number?, number?]>([
    [
      'an equal number after more disconnects: a pool can grow like that',
      { before: 0, held: 50 },
      { before: 50, held: 100 },
    ],
    [
      'a growth that is released later: a pool can close like that',
      { before: 0, held: 50, after: 0 },
      { before: 0, held: 100, after: 0 },
    ],
    [
      'fewer than before: a pool can fill again',
      { before: 0, held: 50 },
      { before: 50, held: 150 },
      150,
    ],
    ['a small number', { before: 0, held: 5 }, { before: 5, held: 15 }],
    [
      'a count that also rises without clients',
      { before: 0, held: 50 },
      { before: 50, held: 150 },
      0,
      1,
    ],
  ])('is not certain: %s', (_what, smaller, larger, mark, rise) =>
    expect(isSo(smaller, larger, mark, rise)).toBe(false),
  );
});

describe('a pair of rounds', () => {
  const stays = [roundOf({ before: 0, held: 50 }, 50), roundOf({ before: 50, held: 150 }, 100)];
  const late = [
    roundOf({ before: 0, held: 50, after: 0 }, 50),
    roundOf({ before: 0, held: 100, after: 0 }, 100),
  ];
  const judged = (
    smaller: Counts,
    larger: Counts,
    { usual = stays, perDisconnect = 1, rise = 0, likely = undefined as number | undefined } = {},
  ) =>
    judge(
      leakOf(perDisconnect, 150),
      usual,
      [roundOf(smaller, 200), roundOf(larger, 400)],
      rise > 0 ? new Map([[key, rise]]) : noNoise,
      100,
      likely,
    );
  type Case = [string, Counts, Counts, object?];
  const all: Record<Judgement, Case[]> = {
    confirmed: [
      ['one per disconnect', { before: 150, held: 350 }, { before: 350, held: 750 }],
      [
        'one per three disconnects, as in an earlier pair',
        { before: 150, held: 217 },
        { before: 217, held: 350 },
        { perDisconnect: 0.33, rise: 40, likely: 0.33 },
      ],
      [
        'one per ten disconnects, as in an earlier pair',
        { before: 150, held: 170 },
        { before: 170, held: 210 },
        { perDisconnect: 0.1, likely: 0.1 },
      ],
      [
        'one per three disconnects, although a pool or noise had predicted more',
        { before: 150, held: 217 },
        { before: 217, held: 350 },
        { perDisconnect: 1.2 },
      ],
      [
        'one per disconnect, while a pool closes',
        { before: 250, held: 350, first: 450 },
        { before: 350, held: 750, first: 850 },
      ],
      [
        'one per disconnect, with a pool that closes so late that it seems to be the leak',
        { before: 0, held: 167 },
        { before: 67, held: 300, first: 300 },
        { usual: late },
      ],
      ['a late release', { before: 0, held: 200 }, { before: 200, held: 400 }, { usual: late }],
      [
        'a release that is a little late, which for the first crowds happens before the deadline of the last',
        { before: 0, first: 200, held: 200 },
        { before: 200, first: 400, held: 200 },
        { usual: late },
      ],
    ],
    likely: [
      [
        'one per three disconnects, more than the noise, but not more than noise and a crowd',
        { before: 150, held: 217 },
        { before: 217, held: 350 },
        { perDisconnect: 0.33, rise: 40 },
      ],
      [
        'one crowd: a leak, or a pool that served two crowds at once',
        { before: 0, held: 102 },
        { before: 102, held: 200 },
        { perDisconnect: 0.1 },
      ],
      [
        'one crowd, although an earlier pair promised two: a pool fills only once',
        { before: 0, held: 102 },
        { before: 102, held: 200 },
        { perDisconnect: 0.1, likely: 0.5 },
      ],
    ],
    refuted: [
      [
        'a few more than a full pool, because two crowds overlapped',
        { before: 100, held: 103 },
        { before: 103, held: 108 },
      ],
      ['a full pool', { before: 100, held: 100 }, { before: 100, held: 100 }],
      ['a pool that fills again', { before: 0, held: 100 }, { before: 100, held: 100 }],
      [
        'a pool that closes before one of two deadlines',
        { before: 0, first: 100, held: 0 },
        { before: 0, first: 100, held: 100 },
      ],
      [
        'a pool that closes late',
        { before: 0, first: 100, held: 100 },
        { before: 100, first: 100, held: 100 },
        { usual: late },
      ],
      ['a release in time', { before: 0, first: 200, held: 0 }, { before: 0, first: 400, held: 0 }],
      [
        'less than the noise',
        { before: 150, held: 160 },
        { before: 160, held: 190 },
        { perDisconnect: 0.33, rise: 40 },
      ],
    ],
    unclear: [
      [
        'a few, and few were predicted: a leak, or a pool that crowds share',
        { before: 100, held: 103 },
        { before: 103, held: 108 },
        { perDisconnect: 0.03 },
      ],
      [
        'more than the noise, but less than three times the noise',
        { before: 150, held: 217 },
        { before: 217, held: 300 },
        { perDisconnect: 0.33, rise: 40 },
      ],
      [
        'a large growth in one round only, which can happen without clients',
        { before: 150, held: 160 },
        { before: 160, held: 400 },
        { perDisconnect: 0.33, rise: 40 },
      ],
      [
        'a lower peak, because a pool closed meanwhile',
        { before: 300, held: 400 },
        { before: 400, first: 380, held: 380 },
      ],
    ],
  };
  describe.each(Object.entries(all))('%s:', (judgement, cases) => {
    test.each(cases)('%s', (_what, smaller, larger, more) =>
      expect(judged(smaller, larger, more)).toBe(judgement),
    );
  });

  test('confirms a rate that exceeds its noise', () => {
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
