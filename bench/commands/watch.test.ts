import { expect, test } from 'vitest';
import { createRunWatch } from './watch.ts';

const position = (roundsDone: number) => ({ server: 'koa', round: 1, phase: 'ramp' as const, roundsDone, roundsPlanned: 4, load: undefined });

test('there is nothing to see before it begins', () => expect(createRunWatch(2, 5_000, 0).view(0)).toBeUndefined());

test('the time left is a guess first, and then what the rounds took', () => {
  const watch = createRunWatch(2, 5_000, 1_000);
  watch.position(position(0), 1_000);
  expect(watch.view(2_000)).toMatchObject({ server: 'koa', round: 1, rounds: 2, phase: 'ramp', leftMs: 19_000 });
  watch.position(position(1), 9_000); // it took eight seconds
  expect(watch.view(9_000)!.leftMs).toBe(24_000);
  watch.position(position(1), 12_000); // a further phase of the same round
  expect(watch.view(12_000)!.leftMs).toBe(21_000);
  expect(watch.view(99_000)!.leftMs).toBe(0);
});
