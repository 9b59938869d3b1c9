/** Cache headers: whether a cache may keep the response, or a proxy may change it. */
import type { Topic } from './topic.ts';

/** The directives of Cache-Control, in lower case. */
const directives = ({ 'cache-control': header = '' }: Readonly<Record<string, string>>) =>
  header.split(',').map((part) => part.trim().toLowerCase());

const has = (headers: Readonly<Record<string, string>>, pattern: RegExp) =>
  directives(headers).some((directive) => pattern.test(directive));

const refusesCaches = /^(no-cache|no-store)$/;

export const caching: Topic = {
  name: 'cache headers',
  rows: [
    {
      name: 'cacheable',
      severity: 'warning',
      what: 'Caches may store the stream.',
      why: 'A cache can answer with old events, or wait for the end of a response that has none.',
      fix: 'Send Cache-Control: no-cache, no-transform.',
      find: ({ first: { headers } }) =>
        has(headers, /^(public|immutable|(s-)?max-?age=0*[1-9])/) && !has(headers, refusesCaches)
          ? `Cache-Control: ${headers['cache-control']}`
          : undefined,
    },
    {
      name: 'no-cache-control',
      severity: 'info',
      what: 'The response has no Cache-Control that forbids caches and transformations.',
      why: 'Some proxies and development servers store or compress a response without it.',
      fix: 'Send Cache-Control: no-cache, no-transform.',
      find: ({ first: { headers } }) =>
        has(headers, refusesCaches) || has(headers, /^(public|immutable|(s-)?max-?age=0*[1-9])/)
          ? undefined
          : `Cache-Control: ${headers['cache-control'] ?? '(none)'}`,
    },
    {
      name: 'transformable',
      severity: 'info',
      what: 'Cache-Control does not contain no-transform.',
      why: 'Proxies and compression middleware may compress the stream, and often do not flush it.',
      fix: 'Send Cache-Control: no-cache, no-transform.',
      find: ({ first: { headers } }) =>
        has(headers, refusesCaches) && !has(headers, /^no-transform$/)
          ? `Cache-Control: ${headers['cache-control']}`
          : undefined,
    },
  ],
};
