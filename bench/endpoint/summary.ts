/** Observations as a result contains them: without the content of events, and without secrets. */
import type { EndpointResult, ExchangeSummary, HeadSummary } from '../result/endpoint-result.ts';
import { textWithoutSecrets } from '../scenario/secrets.ts';
import type { Exchange } from './exchange.ts';
import { framesOf, type Frames } from './frames.ts';
import type { HeadAnswer } from './head.ts';
import type { Observations } from './observations.ts';
import { silenceOf } from './silence.ts';

/** Response headers about the stream and not about its user. */
const shownHeaders =
  /^(access-control-.*|age|allow|alt-svc|cache-control|connection|content-(encoding|length|type)|date|expires|keep-alive|pragma|retry-after|server|transfer-encoding|vary|via|x-accel-buffering)$/;
/** Enough to see how the stream begins. */
const shownReads = 200;

export function observationsInShort(all: Observations): EndpointResult['observations'] {
  return {
    first: summaryOf(all.first, all.first.frames),
    second: all.second && summaryOf(all.second, all.second.frames),
    compressed: all.compressed && summaryOf(all.compressed, all.compressed.frames),
    resumed: all.resumed && summaryOf(all.resumed.stream, all.resumed.stream.frames),
    preflight: all.preflight && summaryOf(all.preflight, framesOf(all.preflight.reads, false)),
    head: all.head && headSummary(all.head),
    protocol: all.protocol,
    shutdown: all.shutdown && { ...all.shutdown, tookMs: rounded(all.shutdown.tookMs) },
    longestStallMs: rounded(all.longestStallMs),
  };
}

function summaryOf(exchange: Exchange, { events, commentsAtMs, bytes }: Frames): ExchangeSummary {
  const { longestMs, lastMs } = silenceOf(exchange);
  const { failure } = exchange;
  return {
    method: exchange.method,
    sentAtMs: rounded(exchange.sentAtMs),
    status: exchange.status,
    httpVersion: exchange.httpVersion,
    headers: Object.fromEntries(
      Object.entries(exchange.headers)
        .filter(([name]) => shownHeaders.test(name))
        .map(([name, value]) => [name, textWithoutSecrets(value)]),
    ),
    headersAfterMs: roundedOrNull(exchange.headersAfterMs),
    firstEventAfterMs: roundedOrNull(events[0]?.atMs ?? null),
    longestSilenceMs: rounded(Math.max(longestMs, lastMs)),
    events: events.length,
    comments: commentsAtMs.length,
    transferredBytes: exchange.rawBytes,
    bytes,
    endedAfterMs: roundedOrNull(exchange.endedAfterMs),
    watchedMs: rounded(exchange.watchedMs),
    failure: failure && { ...failure, message: textWithoutSecrets(failure.message) },
    reads: exchange.reads.slice(0, shownReads).map(({ atMs, bytes: read }) => ({
      atMs: rounded(atMs),
      bytes: read.length,
      events: events.filter((event) => event.atMs === atMs).length,
    })),
  };
}

const headSummary = ({
  status,
  headersAfterMs,
  bodyBytes,
  secondAnswered,
}: HeadAnswer): HeadSummary => ({
  status,
  headersAfterMs: roundedOrNull(headersAfterMs),
  bodyBytes,
  secondAnswered,
});

/** To a tenth of a millisecond, since timers are no more exact. */
const rounded = (ms: number): number => Math.round(ms * 10) / 10;
const roundedOrNull = (ms: number | null): number | null => (ms === null ? null : rounded(ms));
