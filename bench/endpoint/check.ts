/** Checks whether an endpoint is correct and ready for production: observe, judge, summarize. */
import type { EndpointResult } from '../result/endpoint-result.ts';
import { textWithoutSecrets, urlWithoutSecrets } from '../scenario/secrets.ts';
import { failureInWords } from '../stream/first-request.ts';
import { judge } from './judge.ts';
import type { EndpointRequest } from './observations.ts';
import { observe } from './observe.ts';
import { observationsInShort } from './summary.ts';

/**
 * Sends about six requests, most at the same time, and observes them for `watchMs`. The
 * check ends earlier if the response is not a stream, or ends.
 *
 * @param signal ends the check early, with the findings so far
 */
export async function checkEndpoint(
  endpoint: EndpointRequest,
  signal: AbortSignal,
): Promise<EndpointResult> {
  const startedAt = new Date().toISOString();
  const startMs = performance.now();
  const observations = await observe(endpoint, signal);
  const { failure, headersAfterMs } = observations.first;
  const isReached = failure === null || headersAfterMs !== null;
  return {
    schemaVersion: 1,
    url: urlWithoutSecrets(endpoint.url),
    startedAt,
    durationMs: Math.round(performance.now() - startMs),
    watchMs: endpoint.watchMs,
    origin: endpoint.origin,
    unreachable: isReached ? null : textWithoutSecrets(failureInWords(failure)),
    ...(isReached ? judge(observations) : { findings: [], fine: [], skipped: [] }),
    observations: observationsInShort(observations),
  };
}
