/** The result of `ssebench check`: plain JSON, from which every report is generated. */

/**
 * The most severe first. `unjudged` is a question that the check could not answer, so it is never a
 * pass.
 */
export const severities = ['error', 'unjudged', 'warning', 'info'] as const;
export type Severity = (typeof severities)[number];

/** Something about the endpoint that its users or its operators will notice. */
export interface EndpointFinding {
  /** The stable name, such as `silent-with-compression`. */
  name: string;
  topic: string;
  severity: Severity;
  /** A sentence about the fault. */
  what: string;
  /** The observation, with numbers. Contains text of the server, without secrets. */
  evidence: string;
  why: string;
  fix: string;
}

/** One request and its answer, without the content of events. Times are since the request. */
export interface ExchangeSummary {
  method: string;
  /** Milliseconds from the start of the check until the request was sent. */
  sentAtMs: number;
  status: number | null;
  httpVersion: string | null;
  /** Response headers whose values cannot be secret. */
  headers: Readonly<Record<string, string>>;
  headersAfterMs: number | null;
  firstEventAfterMs: number | null;
  /** The longest time without any byte, including the time at the end of the observation. */
  longestSilenceMs: number;
  events: number;
  comments: number;
  /** Bytes of the body, as transferred and after decompression. */
  transferredBytes: number;
  bytes: number;
  /** When the server ended the response; `null` if it was still open. */
  endedAfterMs: number | null;
  watchedMs: number;
  failure: { cause: string; message: string } | null;
  /** The first reads of the body: when each arrived, and how many bytes and events it completed. */
  reads: readonly { atMs: number; bytes: number; events: number }[];
}

/** The answer to HEAD, sent twice on one connection. */
export interface HeadSummary {
  status: number | null;
  headersAfterMs: number | null;
  bodyBytes: number;
  secondAnswered: boolean | null;
}

/** The end of a server that the check started: SIGTERM while streams were open. */
export interface ShutdownSummary {
  /** Numbers of streams: ended by the server, broken, either in the middle of an event, and open. */
  ended: number;
  cut: number;
  inEvent: number;
  open: number;
  /** Milliseconds from SIGTERM to the end of the process. */
  tookMs: number;
  /** Whether the grace period was over, so that ssebench killed it. */
  wasKilled: boolean;
  exit: { code: number | null; signal: string | null };
}

export interface EndpointResult {
  schemaVersion: 1;
  /** Without secrets. */
  url: string;
  startedAt: string;
  /** How long the check took. */
  durationMs: number;
  /** How long it was to observe the streams. */
  watchMs: number;
  /** The origin for which CORS was judged. */
  origin: string | null;
  /** Why the endpoint could not be reached; everything below is empty then. */
  unreachable: string | null;
  /** The most severe first. */
  findings: EndpointFinding[];
  /** Topics in which nothing is wrong. */
  fine: string[];
  /** Topics that did not apply, each with the reason. */
  skipped: { topic: string; reason: string }[];
  observations: {
    first: ExchangeSummary;
    second: ExchangeSummary | null;
    compressed: ExchangeSummary | null;
    resumed: ExchangeSummary | null;
    preflight: ExchangeSummary | null;
    head: HeadSummary | null;
    /** The protocol that the server selects for a browser over TLS, such as `h2`. */
    protocol: string | null;
    /** `null` if the check did not start the server, or could not observe its end. */
    shutdown: ShutdownSummary | null;
    /** The longest time in which ssebench itself could not read. */
    longestStallMs: number;
  };
}
