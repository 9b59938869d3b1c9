import { expect, test } from 'vitest';
import type { Held } from '../../result/held.ts';
import type { CountedRound } from '../../verdict/confirm.ts';
import { toleratedIn } from './tolerated.ts';

const thing = (count: number, what = 'setInterval 100 ms'): Held => ({
  kind: 'timer',
  what,
  traced: false,
  count,
});

/** Rounds of 50 and 100 disconnects that grow by these counts. */
function roundsWith(...counts: number[]): CountedRound[] {
  let before = 0;
  return counts.map((count, place) => {
    const [from, to] = [[thing(before)], [thing(before + count)]];
    before += count;
    return {
      disconnects: 50 * (1 + place),
      tookMs: 1_000,
      releasedAfterMs: null,
      grown: count > 0 ? [thing(count)] : [],
      shrunk: [],
      before: from,
      first: [],
      held: to,
      after: to,
    };
  });
}

const ignores = (text: string) => ({ most: 0, isIgnored: ({ what }: Held) => what.includes(text) });
const tolerates = (most: number) => ({ most, isIgnored: () => false });

test.each<[string, number[], Parameters<typeof toleratedIn>[1], number]>([
  ['an ignored leak', [50, 100], ignores('setInterval'), 1],
  ['a leak as large as the limit', [50, 100], tolerates(1), 1],
  ['a leak above the limit', [50, 100], tolerates(0.9), 0],
  ['another leak than the ignored one', [50, 100], ignores('setTimeout'), 0],
  ['growth in one round only', [1, 0], ignores('setInterval'), 0],
  ['no rounds', [], ignores('setInterval'), 0],
])('%s', (_what, counts, options, found) => {
  expect(toleratedIn(roundsWith(...counts), options)).toHaveLength(found);
});
