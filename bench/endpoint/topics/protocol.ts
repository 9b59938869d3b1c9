/** The HTTP version, the encoding and the end of the response. */
import { encodingsOf } from '../../stream/encoding.ts';
import { time } from '../numbers.ts';
import type { Topic } from './topic.ts';

export const protocol: Topic = {
  name: 'protocol',
  rows: [
    {
      name: 'cut-off',
      severity: 'error',
      what: 'The response breaks off.',
      why: 'The last event may be lost, and a client cannot distinguish it from a failure.',
      fix: 'End responses properly. If a proxy cuts them, raise its time limit.',
      find: ({ first: { failure, headersAfterMs, watchedMs } }) =>
        failure !== null && headersAfterMs !== null
          ? `${failure.cause} (${failure.message}) after ${time(watchedMs)}`
          : undefined,
    },
    {
      name: 'http-1.0',
      severity: 'warning',
      what: 'The response is HTTP/1.0.',
      why: 'It has no chunks, so a client cannot distinguish its end from a failure. Proxies may buffer it.',
      fix: 'Use HTTP/1.1, in nginx with proxy_http_version 1.1.',
      find: ({ first: { httpVersion } }) => (httpVersion === '1.0' ? 'HTTP/1.0 200' : undefined),
    },
    {
      name: 'unrequested-compression',
      severity: 'warning',
      what: 'The server compresses although the client did not accept it.',
      why: 'Clients without decompression, such as curl and many libraries, receive unreadable bytes.',
      fix: 'Compress only if Accept-Encoding allows it.',
      find: ({ first, request }) =>
        !('accept-encoding' in request.headers) &&
        encodingsOf(first.headers['content-encoding']).length > 0
          ? `Content-Encoding: ${first.headers['content-encoding']}`
          : undefined,
    },
    {
      name: 'ends',
      severity: 'info',
      what: 'The server ends the response.',
      why: 'EventSource reconnects after a few seconds, and receives the events again.',
      fix: 'If the stream is complete, answer the reconnect with 204, or let the client close it.',
      find: ({ first: { endedAfterMs } }) =>
        endedAfterMs === null ? undefined : `ended after ${time(endedAfterMs)}`,
    },
    {
      name: 'six-connections',
      severity: 'info',
      what: 'Browsers use HTTP/1.1 for this stream.',
      why: 'They limit HTTP/1.1 to 6 connections per host, so the seventh tab waits.',
      fix: 'Serve it over HTTP/2, or share one stream between tabs.',
      find: ({ url, protocol: selected }) =>
        selected === 'h2'
          ? undefined
          : url.startsWith('https:')
            ? `the server selects ${selected ?? 'no protocol'} and not h2`
            : 'the URL has no TLS, which HTTP/2 needs in browsers',
    },
  ],
};
