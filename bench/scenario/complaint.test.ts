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
])('of the mentions %j the last counts', (mentions, value) => {
  expect(readMentions('--n', mentions, readDigit)).toEqual(accepted(value));
});

test('a bad mention is not good for being followed by another', () => {
  expect(readMentions('--n', ['x', true, '', '7'], readDigit)).toEqual(
    refused(
      '--n x: must be a digit, such as --n 1',
      '--n: must be a digit, such as --n 1',
      "--n '': must be a digit, such as --n 1",
    ),
  );
});

test('complaints of several are all of theirs, in order', () => {
  expect(complaintsOf(refused('a', 'b'), accepted(1), refused('c'))).toEqual(['a', 'b', 'c']);
});

test('a value is had, or all complaints are thrown', () => {
  expect(valueOf(accepted(null))).toBeNull();
  expect(() => valueOf(refused('a', 'b'))).toThrow(/^a\nb$/);
  expect(() => valueOf(refused('a', 'b'), 'it')).toThrow(/^it: a\nit: b$/);
});
