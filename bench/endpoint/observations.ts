/** Everything that a check observes. The findings are computed from it alone. */
import type { RequestOptions } from '../scenario/request-options.ts';
import type { Exchange } from './exchange.ts';
import type { Frames } from './frames.ts';
import type { HeadAnswer } from './head.ts';
import type { ObservedShutdown } from './shutdown.ts';

/** The endpoint, and how to check it. */
export interface EndpointRequest {
  url: string;
  request: RequestOptions;
  /** The origin of a page that reads the stream, for CORS; `null` if CORS is not judged. */
  origin: string | null;
  /** How long to observe, in milliseconds. */
  watchMs: number;
}

export interface ObservedStream extends Exchange {
  frames: Frames;
}

export interface Observations extends EndpointRequest {
  /** The stream as the request asks for it, without compression. */
  first: ObservedStream;
  /** The same request again, while the first is open. `null` if the first had another status than 200. */
  second: ObservedStream | null;
  /** Opened together with the second, with the `Accept-Encoding` of a browser. */
  compressed: ObservedStream | null;
  /**
   * A third stream without compression, which shows whether the server accepts so many. `null` if the
   * compressed one was accepted.
   */
  third: ObservedStream | null;
  /** A stream that continues after an event of the first. `null` if events have no ids. */
  resumed: { stream: ObservedStream; lastEventId: string } | null;
  /** `null` if the method is not GET, or the first had another status than 200. */
  head: HeadAnswer | null;
  /** The answer to OPTIONS; `null` if the first had another status than 200. */
  preflight: Exchange | null;
  /** The protocol that the server selects for a browser; `null` without TLS or without selection. */
  protocol: string | null;
  /** The longest time in which ssebench itself could not read, in milliseconds. */
  longestStallMs: number;
  /** Whether the user ended the observation early. */
  wasInterrupted: boolean;
  /** How the server that the check started ended by itself, or why it did not start. */
  crash: string | null;
  /** `null` if the check did not start the server, or could not observe its end. */
  shutdown: ObservedShutdown | null;
}

/** The encodings that browsers and common clients accept. */
export const browserEncodings = 'gzip, br';
