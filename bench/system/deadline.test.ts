import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { within } from './deadline.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const never = new Promise<never>(() => {});

test('hands on what comes in time', async () =>
  expect(await within(1_000, 'late', Promise.resolve(7))).toBe(7));
test('hands on what fails in time', async () =>
  expect(within(1_000, 'late', Promise.reject(new Error('broken')))).rejects.toThrow('broken'));
test('gives up in the end', async () => {
  const message = within(20, 'too late', never).catch((error: Error) => error.message);
  await vi.advanceTimersByTimeAsync(20);
  expect(await message).toContain('too late');
});

test('gives up at once when it is told to, before or after', async () => {
  const controller = new AbortController();
  const waiting = within(60_000, 'too late', never, controller.signal);
  controller.abort();
  await expect(waiting).rejects.toThrow('too late');
  await expect(within(60_000, 'too late', never, controller.signal)).rejects.toThrow('too late');
});
