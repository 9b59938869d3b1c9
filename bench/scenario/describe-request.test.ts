import { expect, test } from 'vitest';
import { describeRequest } from './describe-request.ts';
import { plainRequest } from './request-options.ts';

test('a plain request has no properties to show', () =>
  expect(describeRequest(plainRequest)).toEqual([]));

test('values are hidden, and sizes and names are shown', () => {
  const certificate = '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----';
  const lines = describeRequest({
    ...plainRequest,
    method: 'POST',
    headers: { accept: 'text/html', cookie: 'a=s3cret' },
    body: 's3cret é',
    rows: [
      { user: 's3cret', 's3cret 1': 's3cret' },
      { user: 's3cret', 's3cret 1': 's3cret' },
    ],
    followsRedirects: true,
    socketPath: '/run/app.sock',
    ca: `${certificate}\n${certificate}`,
    acceptsAnyCertificate: true,
  });
  expect(lines).toEqual([
    'Method: POST',
    'Header: accept: text/html',
    'Header: cookie: (not saved)',
    'Body: 9 bytes',
    'Rows: 2 (columns user, hidden)',
    'Redirects: followed',
    'Unix socket: /run/app.sock',
    'Certificates: 2 trusted besides those of Node',
    'Certificates: any is accepted',
  ]);
});
