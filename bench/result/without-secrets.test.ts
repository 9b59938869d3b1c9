import { expect, test } from 'vitest';
import { leakingVerdict } from '../tests/fixtures/helpers/leaks.ts';
import { failedRound, measuredRound, runResult } from '../tests/fixtures/helpers/result.ts';
import { noEventOptions } from '../scenario/event-options.ts';
import { resultWithoutSecrets } from './without-secrets.ts';

const urls = [
  'http://u:s3cret@127.0.0.1/?sid=s3cret',
  'http://u:s3cret@127.0.0.1/?sid=s3cretToo',
  'http://127.0.0.1/#s3cret',
];
const names = [
  'http://127.0.0.1/?sid=hidden',
  'http://127.0.0.1/?sid=hidden (2)',
  'http://127.0.0.1/',
];
const [one, other, third] = urls as [string, string, string];
const cause = { count: 1, example: '302 Found, to https://u:s3cret@host/?code=s3cret' };

/** A result saved by an older version, which hid fewer names. */
const old = runResult(
  urls,
  [
    measuredRound(one, 1, { failures: { 'status 302': cause } }),
    failedRound(other, 1, {
      message: `died: ${one}`,
      stderr: [`GET ${one}`],
      unexpectedEvents: { strange: cause },
    }),
    measuredRound(third, 1),
  ],
  {
    name: `of ${one}`,
    command: `npm run bench -- '${one}' '${other}' --against '${one}' --header 'X-Jwt: s3cret' --seed 1`,
    against: one,
    capacity: [{ server: one, most: 1, tooMuch: null, reason: `it said ${one}`, steps: [] }],
    leaks: [{ ...leakingVerdict(other), reason: `it said ${one}` }],
  },
);
old.settings = {
  [one]: { request: { query: 'token=s3cret' }, events: { ...noEventOptions, sequence: 'seq' } },
};
old.scenario.headers = { 'x-jwt': 's3cret', accept: 'text/event-stream' };

test('removes the secrets of an old result, and its servers keep different names', () => {
  const read = resultWithoutSecrets(old);
  expect(JSON.stringify(old)).toContain('s3cret');
  expect(JSON.stringify(read)).not.toContain('s3cret');
  expect(read.servers).toEqual(names);
  expect(read.against).toBe(names[0]);
  expect(read.rounds.map(({ server }) => server)).toEqual(names);
  expect(read.capacity[0]!.server).toBe(names[0]);
  expect(read.leaks[0]!.server).toBe(names[1]);
  expect(read.scenario.headers).toEqual({ 'x-jwt': '(not saved)', accept: 'text/event-stream' });
  expect(read.settings).toEqual({
    [names[0]!]: {
      request: { query: 'token=hidden' },
      events: { ...noEventOptions, sequence: 'seq' },
    },
  });
  expect(read.rounds[0]!.histograms).toEqual(old.rounds[0]!.histograms);
});

test('a result without secrets stays as it is', () => {
  const read = resultWithoutSecrets(old);
  expect(resultWithoutSecrets(read)).toEqual(read);
  const plain = runResult(
    ['koa', 'http://127.0.0.1:3000/event?interval=50'],
    [measuredRound('koa', 1), failedRound('koa', 2)],
    { leaks: [leakingVerdict('koa')] },
  );
  expect(resultWithoutSecrets(plain)).toEqual(plain);
});
