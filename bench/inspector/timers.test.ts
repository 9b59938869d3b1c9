import { expect, test } from 'vitest';
import { onceCleared } from './timers.ts';

/** Running timers that keep the process alive. */
const running = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;

test('a watched timer is reported once, and can start again and be cleared like others', async () => {
  let reports = 0;
  const { promise: fired, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, 1);
  onceCleared(timer, () => void reports++);
  await fired;
  const before = running();
  timer.refresh();
  expect(running()).toBe(before + 1);
  clearTimeout(timer);
  expect(running()).toBe(before);
  expect(reports).toBe(1);
});
