import { expect, test } from 'vitest';
import { plainRequest, type RequestOptions } from '../scenario/request-options.ts';
import { followRedirects, type HopObserver } from './follow-redirects.ts';
import type { OpenStream, StreamObserver } from './observer.ts';
import { afterRedirect } from './redirect.ts';
import { requestsOf, type StreamRequest } from './stream-request.ts';

const headers = {
  authorization: 'Bearer abc',
  cookie: 'a=b',
  host: 'virtual',
  'x-mine': 'yes',
};
const post: RequestOptions = { ...plainRequest, method: 'POST', headers, body: '{}' };
const requestTo = (url: string, options = post): StreamRequest => ({
  ...requestsOf(url, options)(0),
  localAddress: '127.0.1.1',
});
const from = 'http://127.0.0.1:1/a/b?c';

test.each([
  [301, 'POST', 'GET'],
  [302, 'POST', 'GET'],
  [303, 'POST', 'GET'],
  [307, 'POST', 'POST'],
  [308, 'POST', 'POST'],
  [301, 'PUT', 'PUT'],
  [303, 'PUT', 'GET'],
  [303, 'HEAD', 'HEAD'],
])('a redirect with status %d turns %s into %s', (status, method, next) => {
  const request = requestTo(from, { ...post, method });
  const after = afterRedirect(request, status, 'x', 1) as StreamRequest;
  expect(after.method).toBe(next);
  expect([after.body, after.headers['content-type']]).toEqual(
    next === method ? ['{}', 'application/json'] : [null, undefined],
  );
  expect(after.url.href).toBe('http://127.0.0.1:1/a/x');
  expect(after.headers).toMatchObject({ ...headers, accept: 'text/event-stream' });
});

test.each([
  ['another port', 'http://127.0.0.1:2/', '127.0.1.1'],
  ['another host', '//localhost:1/', undefined],
  ['another protocol', 'https://127.0.0.1:1/', '127.0.1.1'],
])('%s is another origin, which gets no credentials', (_what, location, localAddress) => {
  const after = afterRedirect(requestTo(from), 307, location, 1) as StreamRequest;
  expect(after).toMatchObject({ isElsewhere: true, localAddress });
  expect(Object.keys(after.headers).toSorted()).toEqual([
    'accept',
    'cache-control',
    'content-type',
    'x-mine',
  ]);
  const back = afterRedirect(after, 307, from, 2) as StreamRequest;
  expect(back.headers).not.toHaveProperty('authorization');
});

test.each([
  [undefined, 1, 'bad redirect', 'redirect 1, status 302 without Location'],
  [
    'ftp://127.0.0.1/',
    2,
    'bad redirect',
    'redirect 2, status 302 to ftp://127.0.0.1/, which is not an HTTP address',
  ],
  ['http://', 1, 'bad redirect', 'redirect 1, status 302 to http://, which is not an HTTP address'],
  [
    'http://a.example/?token=abc',
    1,
    'bad redirect',
    'redirect 1, status 302 to http://a.example/?token=hidden, which is not on this machine; use that URL itself, or ssebench run with --allow-remote',
  ],
  ['/next', 11, 'too many redirects', 'redirect 11, status 302 to /next'],
])('Location %j in redirect %d: %s', (location, number, cause, message) =>
  expect(afterRedirect(requestTo(from), 302, location, number)).toEqual([cause, message]),
);

test.each([
  ['http://127.0.0.1:1/', {}, 'http://a.example/', false],
  ['http://a.example/', {}, 'http://b.example/', false],
  ['http://a.example/', {}, 'https://a.example:8443/', true],
  ['http://a.example/', {}, 'http://localhost/', true],
  ['http://127.0.0.1:1/', { mayLeaveMachine: true }, 'http://a.example/', true],
  ['http://app/', { socketPath: '/app.sock' }, 'http://app/next', true],
  ['http://app/', { socketPath: '/app.sock' }, 'http://app:8080/', false],
])('from %s with %j to %s: followed: %j', (first, options, location, isFollowed) => {
  const after = afterRedirect(requestTo(first, { ...post, ...options }), 302, location, 1);
  expect(!Array.isArray(after)).toBe(isFollowed);
});

/** Follows redirects of simulated responses: the URL of each request, and its next location. */
function followed(locations: Record<string, string>, end: (observer: HopObserver) => void) {
  const asked: string[] = [];
  const log: string[] = [];
  const hops: HopObserver[] = [];
  const openOnce = ({ url }: StreamRequest, observer: HopObserver): OpenStream => {
    asked.push(url.pathname);
    hops.push(observer);
    const note = (what: string) => () => void log.push(`${what} ${url.pathname}`);
    return {
      close: note('close'),
      pause: note('pause'),
      resume: note('resume'),
      isBehind: () => false,
      strayBytes: () => url.pathname,
    };
  };
  const observer = {
    headers: () => log.push('headers'),
    failed: (cause: string, message: string) => log.push(`${cause}: ${message}`),
    event: () => {},
  } as unknown as StreamObserver;
  const stream = followRedirects(requestTo('http://127.0.0.1:1/0'), observer, openOnce);
  for (let hop = 0; hop < hops.length; hop++) {
    const location = locations[asked[hop]!];
    if (location === undefined) end(hops[hop]!);
    else hops[hop]!.redirected!(302, location);
  }
  return { asked, log, stream, event: [hops.at(-1)!.event, observer.event] };
}

test('a stream follows its redirects, and is then the last one', () => {
  const { asked, log, stream, event } = followed({ '/0': '/1', '/1': '/2' }, (observer) =>
    observer.headers(),
  );
  expect(asked).toEqual(['/0', '/1', '/2']);
  stream.pause();
  stream.close('fin');
  expect(log).toEqual(['headers', 'pause /2', 'close /2']);
  expect(stream.strayBytes()).toBe('/2');
  expect(event[0]).toBe(event[1]);
});

test('a failure names the redirect before it', () => {
  const end = (observer: HopObserver) => observer.failed('status 404', '404 Not Found');
  expect(followed({}, end).log).toEqual(['status 404: 404 Not Found']);
  expect(followed({ '/0': '/1' }, end).log).toEqual([
    'status 404: after redirect 1, to http://127.0.0.1:1/1: 404 Not Found',
  ]);
});

test('endless redirects fail after ten', () => {
  const { asked, log } = followed({ '/0': '/0' }, () => {});
  expect(asked).toHaveLength(11);
  expect(log).toEqual(['too many redirects: redirect 11, status 302 to /0']);
});
