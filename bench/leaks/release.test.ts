import { describe, expect, test } from 'vitest';
import { releaseOf } from './release.ts';

const ms = (...times: number[]) => times.map((time) => time * 1e6);

describe('from leaving to clearing', () => {
  test.each<[string, number[], number[][], number[]]>([
    ['the k-th with the k-th', ms(0, 10, 20), [ms(5, 16, 30)], [5, 6, 10]],
    ['of several timers of a stream the last', ms(0, 10), [ms(1, 11), ms(7, 19)], [7, 9]],
    ['not of timers that were cleared before', ms(0, 10), [ms(-5, 11)], []],
    ['not of more timers than clients', ms(0, 10), [ms(1, 2, 3)], []],
    ['not of fewer', ms(0, 10), [ms(1)], []],
    ['nobody left', [], [[]], []],
  ])('%s', (_what, leftNs, clearings, delays) =>
    expect(releaseOf(leftNs, clearings)).toEqual(delays),
  );
});
