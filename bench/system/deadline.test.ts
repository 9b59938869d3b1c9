import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { within } from './deadline.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const never = new Promise<never>(() => {});

test('returns a result that comes in time', async () =>
  expect(await within(1_000, 'late', Promise.resolve(7))).toBe(7));
test('throws an error that comes in time', async () =>
  expect(within(1_000, 'late', Promise.reject(new Error('broken')))).rejects.toThrow('broken'));
test('throws when the time is over', async () => {
  const message = within(20, 'too late', never).catch((error: Error) => error.message);
  await vi.advanceTimersByTimeAsync(20);
  expect(await message).toContain('too late');
});

test('throws at once when it is aborted, before or during the wait', async () => {
  const controller = new AbortController();
  const waiting = within(60_000, 'too late', never, controller.signal);
  controller.abort();
  await expect(waiting).rejects.toThrow('too late');
  await expect(within(60_000, 'too late', never, controller.signal)).rejects.toThrow('too late');
});
