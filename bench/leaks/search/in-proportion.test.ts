import { describe, expect, test } from 'vitest';
import { noNoise, type Held } from '../../result/held.ts';
import type { CountedRound } from '../../verdict/confirm.ts';
import { timersHeld } from '../../tests/fixtures/helpers/counted-rounds.ts';
import { inProportion } from './in-proportion.ts';

const sizes = [50, 100];
const other = 'setTimeout';
const entries = (count: number): Held => ({
  ...timersHeld(count, 'entry of a Map'),
  kind: 'entry',
});

/** Rounds of 50 and 100 disconnects that grow by these things. */
function foundIn(...grown: Held[][]) {
  const rounds = grown.map((held, place): CountedRound => ({
    disconnects: sizes[place]!,
    tookMs: 1_000,
    releasedAfterMs: null,
    grown: held,
    shrunk: [],
    before: [],
    first: [],
    held,
    after: held,
  }));
  const options = { most: 0, isIgnored: () => false, byChance: true };
  const { leaks, isAll } = inProportion(rounds, noNoise, options);
  return { leaks: leaks.map(({ what }) => what), isAll };
}

describe('growth of two rounds', () => {
  const leak = [timersHeld(50), timersHeld(100)] as const;
  test('in proportion is all of it', () => {
    expect(foundIn([leak[0]], [leak[1]])).toEqual({ leaks: ['setInterval 100 ms'], isAll: true });
  });
  test('with little beside it leaves no doubt', () => {
    const found = foundIn([leak[0], timersHeld(1, other)], [leak[1], timersHeld(4, other)]);
    expect(found).toEqual({ leaks: ['setInterval 100 ms'], isAll: true });
  });
  test('with much beside it leaves a doubt', () => {
    const found = foundIn([leak[0], timersHeld(10, other)], [leak[1], timersHeld(90, other)]);
    expect(found.isAll).toBe(false);
  });
  test('in entries, which may belong to Node, does not decide about anything beside it', () => {
    const found = foundIn(
      [entries(50), timersHeld(1, other)],
      [entries(100), timersHeld(4, other)],
    );
    expect(found).toEqual({ leaks: ['entry of a Map'], isAll: false });
  });
  test('that is little and alone leaves a doubt', () => {
    expect(foundIn([timersHeld(1)], [timersHeld(4)])).toEqual({ leaks: [], isAll: false });
  });
});
