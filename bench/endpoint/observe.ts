/** Makes the requests of a check: about six, most of them at the same time. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterRedirect, isRedirect } from '../stream/redirect.ts';
import { requestsOf, type StreamRequest } from '../stream/stream-request.ts';
import { noExchange, openExchange, type Exchange, type OpenExchange } from './exchange.ts';
import { framesOf } from './frames.ts';
import { selectedProtocol, sendHead } from './head.ts';
import {
  browserEncodings,
  type EndpointRequest,
  type Observations,
  type ObservedStream,
} from './observations.ts';
import { preflightHeaders } from './preflight.ts';
import { idToResumeAfter } from './resume.ts';
import { watchStalls } from './stalls.ts';

/** The other requests do not wait longer for the headers of the first. */
const firstAloneMs = 1_000;

/** @param signal ends the observation early, with the observations so far */
export async function observe(
  endpoint: EndpointRequest,
  signal: AbortSignal,
): Promise<Observations> {
  const longestStall = watchStalls();
  const end = new AbortController();
  const limit = AbortSignal.timeout(endpoint.watchMs);
  const over = AbortSignal.any([signal, limit, end.signal]);
  // Without the end, its timers would keep the process for the rest of the time.
  const exchanges = await makeExchanges(endpoint, over).finally(() => end.abort());
  const longestStallMs = longestStall(); // before the bodies are read, which takes time
  const { first, second, compressed, third, resumed, preflight, ...others } = exchanges;
  const observedOr = (each: OpenExchange | null) => each && observed(each);
  return {
    ...endpoint,
    ...others,
    first: observed(first),
    second: observedOr(second),
    compressed: observedOr(compressed),
    third: observedOr(third),
    resumed: resumed && { ...resumed, stream: observed(resumed.stream) },
    preflight: preflight && preflight.soFar(),
    longestStallMs,
    wasInterrupted: signal.aborted,
    crash: null,
    shutdown: null,
  };
}

/** The observations of a server that did not start. */
export const notObserved = (endpoint: EndpointRequest): Observations => ({
  ...endpoint,
  ...nothingElse,
  first: { ...noExchange(endpoint.request.method), frames: framesOf([], false) },
  longestStallMs: 0,
  wasInterrupted: false,
  crash: null,
  shutdown: null,
});

/** The exchanges of a check, and the answers of its other connections. All are closed. */
interface Exchanges extends Pick<Observations, 'head' | 'protocol'> {
  first: OpenExchange;
  second: OpenExchange | null;
  compressed: OpenExchange | null;
  third: OpenExchange | null;
  resumed: { stream: OpenExchange; lastEventId: string } | null;
  preflight: OpenExchange | null;
}

/** @param over closes everything that is open */
async function makeExchanges(endpoint: EndpointRequest, over: AbortSignal): Promise<Exchanges> {
  const { url, request, origin, watchMs } = endpoint;
  const startMs = performance.now();
  const open: Open = (asked, more = {}) => {
    const headers = { ...asked.headers, ...more };
    const opened = openExchange({ ...asked, headers }, startMs);
    over.addEventListener('abort', opened.close);
    return opened;
  };

  const stream = requestsOf(url, request)(0);
  const { asked, first } = await openFirst(
    { ...stream, headers: { ...stream.headers, ...(origin !== null && { origin }) } },
    open,
    Math.min(firstAloneMs, watchMs / 2),
    over,
  );
  if (over.aborted || !mayStream(first.soFar())) {
    first.close();
    return { ...nothingElse, first };
  }
  const second = open(asked);
  const compressed = open(asked, { 'accept-encoding': browserEncodings });
  const preflight = open({
    ...asked,
    method: 'OPTIONS',
    body: null,
    headers: preflightHeaders(asked.method, asked.headers, origin),
  });
  const [head, protocol, third, resumed] = await Promise.all([
    asked.method === 'GET' ? sendHead(asked, over) : null,
    asked.url.protocol === 'https:' ? selectedProtocol(asked, over) : null,
    openThird(asked, compressed, open, watchMs, over),
    resume(asked, first, open, watchMs, over),
    ...[first, second, compressed].map((each) => each.over),
  ]);
  return { first, second, compressed, third, resumed, head, preflight, protocol };
}

/** @param more headers in addition to those of the request */
type Open = (asked: StreamRequest, more?: Record<string, string>) => OpenExchange;

/** Opens the first stream, waits for its headers, and follows redirects if the options say so. */
async function openFirst(
  asked: StreamRequest,
  open: Open,
  aloneMs: number,
  over: AbortSignal,
  redirects = 0,
): Promise<{ asked: StreamRequest; first: OpenExchange }> {
  const first = open(asked);
  await Promise.race([first.answered, untilEnd(aloneMs, over)]);
  const { status, headers } = first.soFar();
  if (status === null || !isRedirect(status) || !asked.options.followsRedirects || over.aborted)
    return { asked, first };
  const next = afterRedirect(asked, status, headers.location, redirects + 1);
  if (!('url' in next)) return { asked, first };
  first.close();
  return openFirst(next, open, aloneMs, over, redirects + 1);
}

/** Waits, but not beyond the end of the observation. */
const untilEnd = (ms: number, over: AbortSignal) =>
  sleep(ms, undefined, { signal: over }).catch(() => {});

const nothingElse = {
  second: null,
  compressed: null,
  third: null,
  resumed: null,
  head: null,
  preflight: null,
  protocol: null,
} as const;

/** Whether other requests can add anything: nothing is known yet, or the status is 200. */
const mayStream = ({ status, failure }: Exchange) =>
  failure === null && (status === null || status === 200);

function observed(exchange: OpenExchange): ObservedStream {
  const soFar = exchange.soFar();
  return { ...soFar, frames: framesOf(soFar.reads, soFar.endedAfterMs !== null) };
}

/**
 * Opens a third stream without compression if the compressed one is refused, or still has no headers
 * after a quarter of the observation. It is closed as soon as it has headers, at the latest before
 * the reconnect.
 */
async function openThird(
  asked: StreamRequest,
  compressed: OpenExchange,
  open: Open,
  watchMs: number,
  over: AbortSignal,
): Promise<OpenExchange | null> {
  await Promise.race([compressed.answered, untilEnd(watchMs / 4, over)]);
  if (over.aborted || compressed.soFar().status === 200) return null;
  const third = open(asked);
  await Promise.race([third.answered, untilEnd(watchMs / 4, over)]);
  third.close();
  return third;
}

/** Reconnects in the middle of the observation, or when the first stream has ended. */
async function resume(
  asked: StreamRequest,
  first: OpenExchange,
  open: Open,
  watchMs: number,
  over: AbortSignal,
): Promise<Exchanges['resumed']> {
  await Promise.race([first.over, untilEnd(watchMs / 2, over)]);
  const lastEventId = idToResumeAfter(observed(first).frames.events);
  // Another method can start something new each time, so its events are not the same.
  if (lastEventId === undefined || over.aborted || asked.method !== 'GET') return null;
  const stream = open(asked, { 'last-event-id': encodeId(lastEventId) });
  await stream.over;
  return { stream, lastEventId };
}

/** Browsers send the id in UTF-8, and Node sends each character of a header as one byte. */
const encodeId = (id: string) => Buffer.from(id).toString('latin1');
