/** HEAD and OPTIONS, which monitors, link checkers and browsers send to every URL. */
import { counted, time } from '../numbers.ts';
import type { Topic } from './topic.ts';

/** A slower answer than to GET by this factor, and by at least this time, is a hanging one. */
const slowerThanGet = 3;
const leastWaitMs = 1_000;

/** Servers answer so that they do not implement a method, as they do with 405. */
const notImplemented = 501;

const waitFor = (getMs: number) => Math.max(leastWaitMs, slowerThanGet * getMs);

export const methods: Topic = {
  name: 'HEAD and OPTIONS',
  dependsOnTime: true,
  skip: ({ preflight }) => (preflight === null ? 'GET failed' : undefined),
  rows: [
    {
      name: 'head-hangs',
      severity: 'info',
      what: 'HEAD has no answer.',
      why: 'Monitors and link checkers send HEAD, and report the endpoint as down.',
      fix: 'Send the headers at once, also to HEAD.',
      find: ({ head, first }) =>
        head !== null &&
        head.headersAfterMs === null &&
        head.watchedMs >= waitFor(first.headersAfterMs ?? Infinity)
          ? `none in ${time(head.watchedMs)}; GET had one after ${time(first.headersAfterMs!)}`
          : undefined,
    },
    {
      name: 'head-body',
      severity: 'warning',
      what: 'The response to HEAD has a body.',
      why: 'HTTP forbids it. A client takes these bytes for the next response on the connection.',
      fix: 'Answer HEAD with the headers alone.',
      find: ({ head }) =>
        head !== null && head.bodyBytes > 0
          ? `${counted(head.bodyBytes, 'byte')} after the headers`
          : undefined,
    },
    {
      name: 'head-streams',
      severity: 'info',
      what: 'The response to HEAD never ends.',
      why: 'The server streams to a client that reads nothing, and the connection cannot be used again.',
      fix: 'End the response to HEAD after its headers.',
      find: ({ head }) =>
        head?.secondAnswered === false
          ? 'a second request on the same connection had no answer'
          : undefined,
    },
    {
      name: 'options-fails',
      severity: 'warning',
      what: 'OPTIONS fails in the server.',
      why: 'Browsers send OPTIONS before requests with credentials or other headers to another origin.',
      fix: 'Answer OPTIONS with 204, with CORS headers if other origins may read the stream.',
      find({ preflight }) {
        if (preflight === null) return undefined;
        if (preflight.failure !== null) return preflight.failure.cause;
        const code = preflight.status ?? 0;
        return code >= 500 && code !== notImplemented ? `status ${code}` : undefined;
      },
    },
    {
      name: 'options-hangs',
      severity: 'info',
      what: 'OPTIONS has no answer, or starts a stream.',
      why: 'A preflight then waits or fails, and the server streams to nobody.',
      fix: 'Answer OPTIONS with 204, with CORS headers if other origins may read the stream.',
      find: ({ preflight, first }) => {
        if (preflight === null || preflight.failure !== null) return undefined;
        const waited = preflight.watchedMs >= waitFor(first.headersAfterMs ?? Infinity);
        if (preflight.endedAfterMs !== null || !waited) return undefined;
        return preflight.headersAfterMs === null
          ? `none in ${time(preflight.watchedMs)}`
          : `status ${preflight.status}, and the response was still open after ${time(preflight.watchedMs)}`;
      },
    },
    {
      name: 'options-refused',
      severity: 'info',
      what: 'OPTIONS is refused.',
      why: 'EventSource does not need OPTIONS. Browsers send it first if a page of another origin sets headers.',
      fix: 'If other origins send such headers, answer OPTIONS with 204 and CORS headers.',
      find: ({ preflight }) => {
        const code = preflight?.status ?? 0;
        return (code >= 400 && code < 500) || code === notImplemented
          ? `status ${code}`
          : undefined;
      },
    },
  ],
};
