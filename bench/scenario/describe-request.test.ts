import { describe, expect, test } from 'vitest';
import { noEventOptions } from './event-options.ts';
import { comparedProperties, describeEvents, describeRequest } from './describe-request.ts';
import { plainRequest } from './request-options.ts';

const url = 'http://127.0.0.1:3000/event';

test('a plain request to an address has no properties to show', () =>
  expect(describeRequest(plainRequest, url)).toEqual([]));

test.each([
  [
    'http://localhost:3000/event',
    ['Name lookup: localhost once for each generator, not for each stream'],
  ],
  [
    'http://app.localhost/',
    ['Name lookup: app.localhost once for each generator, not for each stream'],
  ],
  ['http://localhost.example/', []],
  ['http://[::1]:3000/', []],
])('the name in %s', (named, lines) => expect(describeRequest(plainRequest, named)).toEqual(lines));

test('values are hidden, and sizes and names are shown', () => {
  const certificate = '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----';
  const request = {
    ...plainRequest,
    method: 'POST',
    headers: { accept: 'text/html', cookie: 'a=s3cret; s3cret' },
    body: 's3cret é',
    rows: [
      { user: 's3cret', 's3cret 1': 's3cret' },
      { user: 's3cret', 's3cret 1': 's3cret' },
    ],
    followsRedirects: true,
    socketPath: '/run/app.sock',
    ca: `${certificate}\n${certificate}`,
    acceptsAnyCertificate: true,
  };
  expect(describeRequest(request, 'http://localhost/')).toEqual([
    'Method: POST',
    'Header accept: text/html',
    'Cookies: a=hidden; hidden',
    'Body: 9 bytes',
    'Rows: 2 (columns user, hidden)',
    'Redirects: followed',
    'Unix socket: /run/app.sock',
    'Certificates: 2 trusted besides those of Node',
    'Certificates: any is accepted',
  ]);
});

test('the values in events have a line each, if there are any', () => {
  expect(describeEvents(noEventOptions)).toEqual([]);
  expect(
    describeEvents({ sequence: 'meta.seq', sequenceOf: 'feed', stamp: 'at', byEvent: true }),
  ).toEqual([
    'Number of an event: meta.seq (the same for all streams)',
    'Time of an event: at',
    'Figures: also for each event name',
  ]);
});

describe('the properties that two results must share', () => {
  test('a plain request has none, whatever its host, port and path', () =>
    expect(comparedProperties(url, plainRequest)).toEqual({}));

  test('secrets count only with their names, and bodies with their sizes', () =>
    expect(
      comparedProperties(`${url}?ticket=s3cret&interval=50`, {
        ...plainRequest,
        method: 'POST',
        headers: { authorization: 'Bearer s3cret', cookie: 'session=s3cret' },
        body: 's3cret',
        socketPath: '/run/s3cret.sock',
      }),
    ).toEqual({
      method: 'POST',
      'header authorization': '(not saved)',
      cookies: 'session=hidden',
      body: '6 bytes',
      query: 'interval=50&ticket=hidden',
      connection: 'Unix socket',
    }));

  test('the order of query parameters does not matter', () => {
    const [one, other] = ['?bytes=1&interval=5', '?interval=5&bytes=1'].map((query) =>
      comparedProperties(url + query, plainRequest),
    );
    expect(one).toEqual(other);
  });

  test('templates count by their names', () => {
    const rows = [{ user: 'alice', room: 'one' }];
    const headers = { 'x-user': '{{user}}' };
    const request = { ...plainRequest, headers, rows };
    expect(comparedProperties(`${url}/{{room}}/{{i}}`, request)).toMatchObject({
      rows: '1 (columns user, room)',
      templates: 'i, room, user',
    });
  });

  test('encryption counts', () =>
    expect(comparedProperties('https://localhost/event', plainRequest)).toEqual({
      encryption: 'TLS',
    }));

  test('a client certificate and full handshakes count, but not the name of the server', () =>
    expect(
      comparedProperties('https://localhost/event', {
        ...plainRequest,
        clientCertificate: { cert: 'pem', key: 's3cret' },
        serverName: 'example.com',
        resumesTls: false,
      }),
    ).toEqual({
      encryption: 'TLS',
      'client certificate': 'presented',
      'tls sessions': 'not resumed',
    }));

  test('trusted certificates do not count', () =>
    expect(
      comparedProperties(url, { ...plainRequest, ca: 'pem', acceptsAnyCertificate: true }),
    ).toEqual({}));
});
