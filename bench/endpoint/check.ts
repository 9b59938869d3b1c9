/** Checks whether an endpoint is correct and ready for production: observe, judge, summarize. */
import type { EndpointResult } from '../result/endpoint-result.ts';
import { secretsOfServer, withoutKnownSecrets } from '../scenario/known-secrets.ts';
import type { OwnProcess } from '../scenario/scenario.ts';
import { textWithoutSecrets, urlWithoutSecrets } from '../scenario/secrets.ts';
import { failureInWords } from '../stream/first-request.ts';
import { judge, type Judgement } from './judge.ts';
import type { EndpointRequest, Observations } from './observations.ts';
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
  const startedAt = new Date();
  const startMs = performance.now();
  const observations = await observe(endpoint, signal);
  return resultOf(observations, startedAt, performance.now() - startMs);
}

/**
 * The result without secrets. Pure.
 *
 * @param process of the server, if ssebench starts it
 */
export function resultOf(
  observations: Observations,
  startedAt: Date,
  durationMs: number,
  process: OwnProcess | null = null,
): EndpointResult {
  const unreachable = whyNotReached(observations);
  // The evidence quotes the server, which may repeat what it received, and its variables.
  const secrets = secretsOfServer({ ...observations, process });
  const shown = (text: string) => textWithoutSecrets(withoutKnownSecrets(text, secrets));
  return {
    schemaVersion: 1,
    url: urlWithoutSecrets(observations.url),
    startedAt: startedAt.toISOString(),
    durationMs: Math.round(durationMs),
    watchMs: observations.watchMs,
    origin: observations.origin,
    unreachable: unreachable === undefined ? null : shown(unreachable),
    ...(unreachable === undefined
      ? judged(observations, shown)
      : { findings: [], fine: [], skipped: [] }),
    observations: observationsInShort(observations),
  };
}

function judged(observations: Observations, shown: (text: string) => string): Judgement {
  const { findings, ...others } = judge(observations);
  return {
    ...others,
    findings: findings.map((finding) => ({ ...finding, evidence: shown(finding.evidence) })),
  };
}

function whyNotReached({ crash, first }: Observations): string | undefined {
  if (first.headersAfterMs !== null) return undefined;
  return crash ?? (first.failure ? failureInWords(first.failure) : undefined);
}
