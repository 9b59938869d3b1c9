import { expect, test } from 'vitest';
import { readScript } from './script.ts';

const read = (query: string) => readScript(new URLSearchParams(query), ['usage', 'role']);

test('without options, the answer has 50 tokens', () =>
  expect(read('').script).toEqual({
    firstMs: 300,
    everyMs: 20,
    tokens: 50,
    reasoning: 0,
    perChunk: 1,
    errorAfter: null,
    stallMs: 0,
    stallAfter: 1,
    usage: 'api',
    hasEnd: true,
    lineEnd: '\n',
    role: 'empty',
    key: null,
  }));

test('every option is read', () =>
  expect(
    readScript(
      new URLSearchParams(
        'first=1&every=2&tokens=30&reasoning=4&chunk=5&error=6&stall=7&stall-after=8&usage=no&end=none&eol=crlf&role=null&key=k',
      ),
      ['usage', 'role', 'reasoning'],
    ).script,
  ).toEqual({
    firstMs: 1,
    everyMs: 2,
    tokens: 30,
    reasoning: 4,
    perChunk: 5,
    errorAfter: 6,
    stallMs: 7,
    stallAfter: 8,
    usage: 'no',
    hasEnd: false,
    lineEnd: '\r\n',
    role: 'null',
    key: 'k',
  }));

const ms = 'must be one whole number from 0 to 2147483647';
const count = 'must be one whole number from 0 to 1000000';
test.each([
  ['first=soon', `first=soon: ${ms}`],
  ['every=-1', `every=-1: ${ms}`],
  ['every=', `every=: ${ms}`],
  ['stall=2147483648', `stall=2147483648: ${ms}`],
  ['tokens=1.5', `tokens=1.5: ${count}`],
  ['tokens=1e3', `tokens=1e3: ${count}`],
  ['chunk=0', 'chunk=0: must be one whole number from 1 to 1000000'],
  ['tokens=3&tokens=4', 'tokens: given 2 times; give it once'],
  ['end=no', 'end=no: must be one of marker, none'],
  ['eol=lfcr', 'eol=lfcr: must be one of lf, crlf, cr'],
  ['usage=maybe', 'usage=maybe: must be one of yes, no'],
  ['key=', 'key: is empty; give a text, or leave it out'],
  ['error=51', 'error=51: the answer has only 50 tokens; give at most that'],
  [
    'stall=9&stall-after=4&tokens=3',
    'stall-after=4: the answer has only 3 tokens; give at most that',
  ],
  [
    'toString=1',
    'toString: not an option of this API; its options are first, every, tokens, chunk, error, stall, stall-after, end, eol, usage, role, key',
  ],
])('%s is refused', (query, problem) => expect(read(query)).toEqual({ problem }));

test('an option of another API is refused', () =>
  expect(read('reasoning=5').problem).toMatch(/^reasoning: not an option of this API; /));

test('all problems are named at once', () =>
  expect(read('first=x&chunk=0&end=no').problem!.split('\n')).toHaveLength(3));
