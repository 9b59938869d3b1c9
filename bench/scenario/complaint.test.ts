import { expect, test } from 'vitest';
import {
  accepted,
  complaintsOf,
  readMentions,
  refused,
  valueOf,
  type Mentions,
} from './complaint.ts';

const readDigit = (text: string) =>
  /^\d$/.test(text) ? accepted(Number(text)) : refused('must be a digit, such as --n 1');

test.each<[Mentions, number | undefined]>([
  [[], undefined],
  [['7'], 7],
  [['7', '8'], 8],
])('the last of the mentions %j counts', (mentions, value) => {
  expect(readMentions('--n', mentions, readDigit)).toEqual(accepted(value));
});

test('a later mention does not make an invalid one valid', () => {
  expect(readMentions('--n', ['x', true, '', '7'], readDigit)).toEqual(
    refused(
      '--n x: must be a digit, such as --n 1',
      '--n: must be a digit, such as --n 1',
      "--n '': must be a digit, such as --n 1",
    ),
  );
});

test('collects the complaints of several values in their order', () => {
  expect(complaintsOf(refused('a', 'b'), accepted(1), refused('c'))).toEqual(['a', 'b', 'c']);
});

test('returns the value, or throws all complaints', () => {
  expect(valueOf(accepted(null))).toBeNull();
  expect(() => valueOf(refused('a', 'b'))).toThrow(/^a\nb$/);
  expect(() => valueOf(refused('a', 'b'), 'it')).toThrow(/^it: a\nit: b$/);
});
