import { expect, test } from 'vitest';
import type { Held } from '../../result/held.ts';
import { roundsThatGrow } from '../../tests/fixtures/helpers/counted-rounds.ts';
import { toleratedIn } from './tolerated.ts';

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
  expect(toleratedIn(roundsThatGrow(counts, [50, 100]), options)).toHaveLength(found);
});
