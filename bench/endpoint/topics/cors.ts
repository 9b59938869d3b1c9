/** CORS: whether pages of another origin can read the stream. Judged for a given origin. */
import type { Observations } from '../observations.ts';
import { requestsOf } from '../../stream/stream-request.ts';
import { headersToAllow } from '../preflight.ts';
import type { Topic } from './topic.ts';

const allowed = (headers: Readonly<Record<string, string>>) =>
  headers['access-control-allow-origin'];

/** Methods for which a browser sends no preflight. */
const simpleMethods = new Set(['GET', 'HEAD', 'POST']);

/** The headers of the request that a page needs permission for; a body adds its type. */
const namesToAllow = ({ url, request }: Observations) =>
  headersToAllow(requestsOf(url, request)(0).headers);

const needsPreflight = (observations: Observations): boolean =>
  !simpleMethods.has(observations.request.method) || namesToAllow(observations).length > 0;

export const cors: Topic = {
  name: 'CORS headers',
  skip: ({ origin }) => (origin === null ? 'add --origin https://app.example.com' : undefined),
  rows: [
    {
      name: 'cors-origin',
      severity: 'error',
      what: 'Pages of the given origin cannot read the stream.',
      why: 'A browser closes the stream if the response does not allow the origin of the page.',
      fix: 'Send Access-Control-Allow-Origin with this origin, also in error responses.',
      find: ({ origin, first: { headers } }) =>
        origin === null || [origin, '*'].includes(allowed(headers) ?? '')
          ? undefined
          : `Access-Control-Allow-Origin: ${allowed(headers) ?? '(none)'}, for ${origin}`,
    },
    {
      name: 'cors-credentials',
      severity: 'warning',
      what: 'Pages of the given origin cannot send cookies with the request.',
      why: 'With credentials, a browser accepts neither * nor a response without Allow-Credentials.',
      fix: 'Send the exact origin, and Access-Control-Allow-Credentials: true.',
      find: ({ origin, request, first: { headers } }) =>
        origin !== null &&
        'cookie' in request.headers &&
        [origin, '*'].includes(allowed(headers) ?? '') &&
        (allowed(headers) === '*' || headers['access-control-allow-credentials'] !== 'true')
          ? `Access-Control-Allow-Origin: ${allowed(headers)}, Access-Control-Allow-Credentials: ${headers['access-control-allow-credentials'] ?? '(none)'}`
          : undefined,
    },
    {
      name: 'cors-preflight',
      severity: 'error',
      what: 'The preflight of the request fails.',
      why: 'Browsers ask with OPTIONS before they send these headers or this method to another origin.',
      fix: 'Answer OPTIONS with 204, Access-Control-Allow-Origin, -Methods and -Headers.',
      find(observations) {
        const { origin, preflight } = observations;
        if (origin === null || preflight === null || !needsPreflight(observations))
          return undefined;
        const code = preflight.status;
        if (code === null || code < 200 || code > 299) return `OPTIONS: status ${code ?? '(none)'}`;
        const names = namesToAllow(observations);
        const list = (preflight.headers['access-control-allow-headers'] ?? '').toLowerCase();
        const missing = names.filter((name) => !list.split(/\s*,\s*/).includes(name));
        const isRefused =
          missing.length > 0 && (list.trim() !== '*' || missing.includes('authorization'));
        return isRefused ? `OPTIONS does not allow the header ${missing.join(', ')}` : undefined;
      },
    },
  ],
};
