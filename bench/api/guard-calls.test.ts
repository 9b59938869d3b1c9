import { expect, test } from 'vitest';
import { guardCalls } from './guard-calls.ts';

test('an error of the caller ends the work, and is thrown afterwards', () => {
  const { signal, guarded, rethrow } = guardCalls();
  const called: number[] = [];
  const call = guarded((number: number) => {
    called.push(number);
    throw new Error(`error ${number}`);
  });
  rethrow();
  expect(signal.aborted).toBe(false);
  call(1);
  call(2);
  expect({ called, isAborted: signal.aborted }).toEqual({ called: [1, 2], isAborted: true });
  expect(rethrow).toThrow('error 1');
});

test('the signal of the caller ends the work too', () => {
  const stop = new AbortController();
  const { signal, rethrow } = guardCalls(stop.signal);
  stop.abort();
  expect(signal.aborted).toBe(true);
  rethrow();
});
