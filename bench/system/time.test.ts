import { expect, test } from 'vitest';
import { poll, type Time } from './time.ts';

function jumpingTime(): Time {
  let nowMs = 0;
  return { nowMs: () => nowMs, sleep: async (ms) => void (nowMs += ms) };
}

test.each([
  ['is as it should be at once', 0, 100, 0],
  ['comes to be so', 60, 100, 60],
  ['comes to be so just in time', 100, 100, 100],
  ['does not in time: the last answer is taken', 1_000, 100, 120],
])('polls until the answer %s', async (_what, soAtMs, withinMs, answer) => {
  const time = jumpingTime();
  expect(await poll(time.nowMs, (nowMs) => nowMs >= soAtMs, { eachMs: 20, withinMs, time })).toBe(
    answer,
  );
});
