import { expect, test } from 'vitest';
import { failureCause } from './failure.ts';

test.each([
  ['ECONNREFUSED', false, 'connection refused'],
  ['ECONNRESET', true, 'connection reset'],
  ['UND_ERR_CONNECT_TIMEOUT', false, 'connect timed out'],
  ['EMFILE', false, 'out of file descriptors'],
  ['EADDRNOTAVAIL', false, 'out of ports'],
  ['UND_ERR_SOCKET', false, 'closed before headers'],
  ['UND_ERR_SOCKET', true, 'closed by the server in mid-stream'],
  ['ESOMETHINGNEW', false, 'ESOMETHINGNEW'],
])('%s, headers seen: %s', (code, hadHeaders, cause) =>
  expect(failureCause(Object.assign(new Error('x'), { code }), hadHeaders)).toBe(cause),
);

test('what is no HTTP goes by that name, whatever the parser stumbled over', () =>
  expect(failureCause(Object.assign(new Error('x'), { name: 'HTTPParserError', code: 'HPE_INVALID_CONSTANT' }), true)).toBe('not HTTP'));

test('an error without a code goes by its name', () => expect(failureCause(new TypeError('x'), false)).toBe('TypeError'));
