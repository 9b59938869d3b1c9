import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { firstFault } from './first-fault.ts';
import { failedRound, measuredRound, runResult } from '../tests/fixtures/helpers/result.ts';
import { runResultSchema } from '../result/run-result.ts';

const result = runResult(
  ['koa'],
  [
    measuredRound('koa', 1, { failures: { stalled: { count: 1, example: '' } } }),
    failedRound('koa', 2),
  ],
  { expect: ['missing = 0'] },
);

test('a result without faults has none', () =>
  expect(firstFault(runResultSchema, result)).toBeUndefined());

/** The path to every nested value, including the value itself. */
function* pathsIn(value: unknown, path: (string | number)[] = []): Generator<(string | number)[]> {
  yield path;
  if (typeof value !== 'object' || value === null) return;
  for (const key of Object.keys(value))
    yield* pathsIn((value as Record<string, unknown>)[key], [...path, key]);
}

/** A copy with another value at the end of the path. */
function changed(value: unknown, [key, ...rest]: (string | number)[], to: unknown): unknown {
  if (key === undefined) return to;
  const copy: Record<string | number, unknown> | unknown[] = Array.isArray(value)
    ? [...value]
    : { ...(value as object) };
  (copy as Record<string | number, unknown>)[key] = changed(
    (value as Record<string | number, unknown>)[key],
    rest,
    to,
  );
  return copy;
}

describe('the fault is one that zod reports, anywhere in the result', () => {
  const wrongValues: readonly [string, unknown][] = [
    ['null', null],
    ['nothing', undefined],
    ['a number', -1.5],
    ['a text', 'x'],
    ['an object', {}],
    ['an object of something', { a: 1 }],
    ['an array', []],
    ['an array of something', [[]]],
    ['true', true],
  ];
  test.each(wrongValues)('%s', (_name, value) => {
    const spoilt = [...pathsIn(result)].map((path) => changed(result, path, value));
    const compared = spoilt.map((each) => {
      const fault = firstFault(runResultSchema, each);
      const { error } = runResultSchema.safeParse(each);
      // For a key that a record does not allow, zod reports the record instead of the key, with
      // other words.
      const isTheSame = error?.issues.some(
        ({ path, message }) =>
          (path.join('.') === fault?.path && message === fault.message) ||
          `${path.join('.')}.a` === fault?.path,
      );
      return { fault, isTheSame: isTheSame ?? fault === undefined };
    });
    expect(compared.filter(({ isTheSame }) => !isTheSame)).toEqual([]);
    expect(compared.filter(({ fault }) => fault).length).toBeGreaterThan(100);
  });
});

test('an unknown name in a record, and an unknown kind of round', () => {
  const histograms = { ...measuredRound('koa', 1).histograms, other: '' };
  expect(
    firstFault(runResultSchema, { ...result, rounds: [{ ...result.rounds[0], histograms }] })?.path,
  ).toBe('rounds.0.histograms.other');
  expect(
    firstFault(runResultSchema, { ...result, rounds: [{ ...result.rounds[0], state: 'planned' }] })
      ?.path,
  ).toBe('rounds.0.state');
});

test('stops at the first fault', () => {
  let seen = 0;
  const counted = z.number().refine(() => ++seen > 0);
  expect(firstFault(z.array(counted), [1, 2, 'three', 4, 5])).toMatchObject({ path: '2' });
  expect(seen).toBe(2);
});
