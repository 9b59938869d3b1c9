/** Marked secrets go into everything that a user or a server can send. No result has any of them. */
import { expect, test } from 'vitest';
import { plainRequest } from '../scenario/request-options.ts';
import { observations, observedStream, readsOf } from '../tests/fixtures/helpers/observations.ts';
import { resultOf } from './check.ts';

const secret = 'm0123456789abcdef';

/** A stream with a deviation in each line, so that the result quotes it. */
const body = [
  `data: ${secret}`,
  `{"session":"${secret}"}`,
  `Data: {"user":"${secret}"}`,
  `token=${secret}`,
  `id: \0${secret}`,
  `event: message ${secret}`,
  `retry: after ${secret}`,
  `a text of two lines, ${secret}\r`,
].join('\n');

const stream = observedStream({
  reads: readsOf([100, `id: ${secret}\ndata: 1\n\n`], [200, `${body}\n\n`]),
  headers: {
    'content-type': `text/event-stream; charset=latin1`,
    'set-cookie': `session=${secret}`,
    'x-request-id': secret,
    'cache-control': 'public',
    location: `/login?ticket=${secret}`,
    server: `nginx token=${secret}`,
  },
  endedAfterMs: 300,
});

test.each([
  ['a stream', stream],
  ['a redirect', observedStream({ status: 302, headers: { location: `/?code=${secret}` } })],
  ['an error', observedStream({ status: 401, statusText: `Bearer ${secret}` })],
  ['an error with a value only', observedStream({ status: 401, statusText: `no ${secret}` })],
  [
    'a failure',
    observedStream({
      status: null,
      headersAfterMs: null,
      failure: { cause: 'not HTTP', message: `token=${secret}` },
    }),
  ],
])('of %s', (_what, first) => {
  const result = resultOf(
    observations({
      url: `http://user:${secret}@127.0.0.1/${'event'}?ticket=${secret}`,
      request: {
        ...plainRequest,
        headers: { authorization: `Bearer ${secret}`, cookie: `a=${secret}` },
        body: secret,
      },
      first,
      second: first,
      compressed: first,
      resumed: { stream: first, lastEventId: secret },
    }),
    new Date(),
    10_000,
  );
  expect(JSON.stringify(result)).not.toContain('m012345');
});

test('hides the variables that a server prints', () => {
  const command = {
    kind: 'command',
    command: ['node', 'server.js'],
    cwd: null,
    env: { DATABASE: secret },
    readyWhen: null,
    readyWithinMs: 1_000,
  } as const;
  const crash = `exit code 7; last output: cannot reach ${secret}`;
  const noAnswer = observedStream({ status: null, headersAfterMs: null });
  for (const first of [stream, noAnswer]) {
    const result = resultOf(observations({ first, crash }), new Date(), 10_000, command);
    expect(JSON.stringify(result)).toContain('cannot reach hidden');
    expect(JSON.stringify(result)).not.toContain('reach m012345');
  }
});
