/** The next request after a redirect, by the rules of the fetch standard. Pure. */
import { urlWithoutSecrets } from '../scenario/secrets.ts';
import { isLocalHost } from '../scenario/local-hosts.ts';
import type { Failure } from './answer.ts';
import type { StreamRequest } from './stream-request.ts';

export const mostRedirects = 10;

export const isRedirect = (status: number): boolean => [301, 302, 303, 307, 308].includes(status);

/** Headers for the first origin only: its credentials, and its name. */
const headersOfOrigin = new Set(['authorization', 'proxy-authorization', 'cookie', 'host']);

const without = (headers: StreamRequest['headers'], leftOut: (name: string) => boolean) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !leftOut(name.toLowerCase())));

/** Whether the redirect turns the request into a GET request without a body. */
const becomesGet = (status: number, method: string) =>
  status === 303 ? method !== 'GET' && method !== 'HEAD' : status < 303 && method === 'POST';

/**
 * @param number of the redirect, from 1
 * @param location header of the response
 * @returns the next request, or why there is none
 */
export function afterRedirect(
  request: StreamRequest,
  status: number,
  location: string | undefined,
  number: number,
): StreamRequest | Failure {
  const statusLine = `redirect ${number}, status ${status}`;
  if (location === undefined) return ['bad redirect', `${statusLine} without Location`];
  const where = `${statusLine} to ${urlWithoutSecrets(location)}`;
  if (number > mostRedirects) return ['too many redirects', where];
  const url = URL.parse(location, request.url.href);
  if (!url || !/^https?:$/.test(url.protocol))
    return ['bad redirect', `${where}, which is not an HTTP address`];
  if (!mayFollow(request, url))
    return [
      'bad redirect',
      `${where}, which is not on this machine; use that URL itself, or ssebench run with --allow-remote`,
    ];
  const leaves = url.origin !== request.url.origin;
  const loses = becomesGet(status, request.method);
  return {
    ...request,
    url,
    isElsewhere: request.isElsewhere || leaves,
    localAddress: url.hostname.startsWith('127.') ? request.localAddress : undefined,
    ...(loses && { method: 'GET', body: null }),
    headers: without(
      request.headers,
      (name) => (leaves && headersOfOrigin.has(name)) || (loses && name.startsWith('content-')),
    ),
  };
}

/** Without permission, a load must not reach another machine than the one it was started for. */
function mayFollow({ url: before, options, isElsewhere }: StreamRequest, url: URL): boolean {
  if (options.mayLeaveMachine || isLocalHost(url)) return true;
  const isOnSocket = options.socketPath !== null && !isElsewhere;
  return isOnSocket ? url.origin === before.origin : url.hostname === before.hostname;
}

/** Names the redirect that a failure followed, if there was one. */
export const failureAfter = (number: number, url: URL, message: string): string =>
  number === 0
    ? message
    : `after redirect ${number}, to ${urlWithoutSecrets(url.href)}${message && `: ${message}`}`;
