import { expect, test } from 'vitest';
import { errors } from 'undici';
import { failureCause, failureMessage } from './failure.ts';

test.each([
  ['ECONNREFUSED', false, 'connection refused'],
  ['ECONNRESET', true, 'connection reset'],
  ['UND_ERR_CONNECT_TIMEOUT', false, 'connect timed out'],
  ['EMFILE', false, 'out of file descriptors'],
  ['EADDRNOTAVAIL', false, 'out of ports'],
  ['UND_ERR_SOCKET', false, 'closed before headers'],
  ['UND_ERR_SOCKET', true, 'closed by the server in mid-stream'],
  ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', true, 'closed by the server in mid-stream'],
  ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', false, 'not HTTP'],
  ['UND_ERR_HEADERS_OVERFLOW', false, 'headers too long'],
  ['EPROTO', false, 'TLS failed'],
  ['ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL', false, 'HTTP/1.1 refused'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', false, 'TLS failed'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', false, 'certificate not trusted'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', false, 'certificate not trusted'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', false, 'certificate not trusted'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', false, 'certificate not trusted'],
  ['ENOENT', false, 'no such socket'],
  ['ESOMETHINGNEW', false, 'ESOMETHINGNEW'],
])('%s, headers seen: %s', (code, hadHeaders, cause) =>
  expect(failureCause(Object.assign(new Error('x'), { code }), hadHeaders)).toBe(cause),
);

test.each([
  ['Expected HTTP/', 'not HTTP'],
  ['Invalid character in chunk size', 'not HTTP'],
  ['Invalid EOF state', 'closed by the server in mid-stream'],
])('the parser’s %s: %s', (words, cause) => {
  const error = new errors.HTTPParserError(
    `Response does not match the HTTP/1.1 protocol (${words})`,
  );
  expect(failureCause(error, true)).toBe(cause);
});

test.each([
  [
    'tlsv13 alert certificate required',
    'client certificate required',
    'the server requires a client certificate and got none (alert certificate required)',
  ],
  [
    'tlsv1 alert unknown ca',
    'client certificate refused',
    'the server does not accept the client certificate, or requires one (alert unknown ca)',
  ],
  [
    'ssl/tls alert handshake failure',
    'TLS failed',
    'the server refused the handshake; it may require a client certificate (alert handshake failure)',
  ],
  ['ssl/tls alert illegal parameter', 'TLS failed', 'ssl/tls alert illegal parameter'],
])('OpenSSL’s %s: %s', (reason, cause, message) => {
  const error = Object.assign(new Error(`00:error:0A:SSL routines:x:${reason}:../x.c:78:SSL`), {
    code: `ERR_SSL_${reason.toUpperCase().replaceAll(' ', '_')}`,
    reason,
  });
  expect(failureCause(error, false)).toBe(cause);
  expect(failureMessage(error)).toBe(message);
});

test('the cause of an error without a code is its name', () =>
  expect(failureCause(new TypeError('x'), false)).toBe('TypeError'));

const socketError = (message: string, bytesRead: number) =>
  Object.assign(new errors.SocketError(message), { socket: { bytesRead } });

test.each([
  [new Error('read ECONNRESET'), 'read ECONNRESET'],
  [socketError('other side closed', 12), 'other side closed, after 12 bytes'],
  [socketError('bad response', 25), '100 Continue, which ssebench did not request'],
  [socketError('bad upgrade', 75), '101 Switching Protocols, which ssebench did not request'],
  [new errors.HeadersOverflowError(), 'more than 16 KiB of headers'],
  [
    new errors.HTTPParserError('Response does not match the HTTP/1.1 protocol (Invalid EOF state)'),
    'the last chunk is missing',
  ],
  [
    Object.assign(new Error('00:error:0A:SSL routines:x:wrong version:../x.c:78:\n'), {
      reason: 'wrong version',
    }),
    'wrong version',
  ],
  [
    new AggregateError([new Error('::1 refused'), new Error('127.0.0.1 refused')]),
    '::1 refused, 127.0.0.1 refused',
  ],
])('the message of %o is %s', (error, message) => expect(failureMessage(error)).toBe(message));
