import { expect, test } from 'vitest';
import { poll, type Time } from './time.ts';

function jumpingTime(): Time {
  let nowMs = 0;
  return { nowMs: () => nowMs, sleep: async (ms) => void (nowMs += ms) };
}

test.each([
  ['is right at once', 0, 100, 0],
  ['becomes right', 60, 100, 60],
  ['becomes right just in time', 100, 100, 100],
  ['is too late, and returns the last one', 1_000, 100, 120],
])('polls until the answer %s', async (_what, soAtMs, withinMs, answer) => {
  const time = jumpingTime();
  expect(await poll(time.nowMs, (nowMs) => nowMs >= soAtMs, { eachMs: 20, withinMs, time })).toBe(
    answer,
  );
});
