import { expect, test } from 'vitest';
import { failureInWords } from './first-request.ts';

test.each([
  ['status 401', '--header'],
  ['status 405', '--method POST'],
  ['status 302', '--follow'],
  ['status 304', 'check the server'],
  ['certificate not trusted', '--insecure'],
  ['certificate not trusted', '--ca'],
  ['client certificate required', '--cert'],
  ['client certificate refused', '--cert'],
  ['HTTP/1.1 refused', 'a proxy'],
  ['TLS failed', 'https'],
  ['no such socket', 'path of the socket'],
  ['something else', 'check the server'],
])('the remedy for %j names %j', (cause, remedy) =>
  expect(failureInWords({ cause, message: 'because' })).toMatch(
    new RegExp(`^${cause} \\(because\\); .*${remedy}`),
  ),
);
