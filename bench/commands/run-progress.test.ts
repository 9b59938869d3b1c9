import { expect, test } from 'vitest';
import { failedRound, measuredRound } from '../tests/fixtures/helpers/result.ts';
import { progressLine } from '../report/terminal/progress.ts';
import { createRunWatch } from './run-progress.ts';

const position = (roundsDone: number) => ({
  server: 'koa',
  round: 1,
  phase: 'ramp' as const,
  roundsDone,
  roundsPlanned: 4,
  load: undefined,
});

test('has no state before the first position', () =>
  expect(createRunWatch(2, 5_000, 0).view(0)).toBeUndefined());

test('estimates the remaining time, from finished rounds if there are any', () => {
  const watch = createRunWatch(2, 5_000, 1_000);
  watch.position(position(0), 1_000);
  expect(watch.view(2_000)).toMatchObject({
    server: 'koa',
    round: 1,
    rounds: 2,
    phase: 'ramp',
    leftMs: 19_000,
  });
  watch.position(position(1), 9_000); // the round took 8 s
  expect(watch.view(9_000)!.leftMs).toBe(24_000);
  watch.position(position(1), 12_000); // another phase of the same round
  expect(watch.view(12_000)!.leftMs).toBe(21_000);
  expect(watch.view(99_000)!.leftMs).toBe(0);
});

test('the latest p99 is that of the last measured round', () => {
  const watch = createRunWatch(2, 5_000, 0);
  watch.position(position(0), 0);
  expect(watch.view(0)!.latest).toBeUndefined();
  watch.round(measuredRound('koa', 1));
  watch.round(failedRound('h3', 1));
  expect(watch.view(0)!.latest).toEqual({ server: 'koa', p99Ms: expect.closeTo(10, 1) });
  expect(progressLine(watch.view(0)!)).toBe(
    'koa, round 1 of 2: ramp · 0 streams open · 0 events/s · delivery p99 of koa 10.0 ms · 20 s left',
  );
});
