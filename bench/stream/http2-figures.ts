/** The figures of the HTTP/2 connections of a load. Pure. */

/** The error codes of HTTP/2 (RFC 9113, section 7), by number. */
const codes = [
  'NO_ERROR',
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED',
];

/** The name of an error code. An unknown code is its own name. */
export const codeName = (code: number): string => codes[code] ?? `code ${code}`;

/** Error code → how often. */
export type CodeCounts = Record<string, number>;

export interface Http2Figures {
  /** Connections whose server sent its SETTINGS. */
  sessions: number;
  /** Requests on all of them. */
  requests: number;
  /** The most streams that one connection had at once. */
  mostStreams: number;
  /** The size of the connection window that ssebench sets, for the smallest connection; bytes. */
  windowBytes: number | null;
  /** The least that remained of a connection window; `null` if nothing was received. */
  leastWindowBytes: number | null;
  /** Streams that the server reset, by the code of RST_STREAM. */
  resets: CodeCounts;
  /** Connections on which the server sent GOAWAY, by its code. */
  goaways: CodeCounts;
}

export const noHttp2Figures = (): Http2Figures => ({
  sessions: 0,
  requests: 0,
  mostStreams: 0,
  windowBytes: null,
  leastWindowBytes: null,
  resets: {},
  goaways: {},
});

export function countCode(counts: CodeCounts, code: number): void {
  const name = codeName(code);
  counts[name] = (counts[name] ?? 0) + 1;
}

/** The smaller of two numbers, of which none, one or both are known. */
export const leastOf = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.min(a, b);

/** @returns the figures of several generators together */
export const mergeHttp2 = (all: readonly Http2Figures[]): Http2Figures =>
  all.reduce(
    (sum, each) => ({
      sessions: sum.sessions + each.sessions,
      requests: sum.requests + each.requests,
      mostStreams: Math.max(sum.mostStreams, each.mostStreams),
      windowBytes: leastOf(sum.windowBytes, each.windowBytes),
      leastWindowBytes: leastOf(sum.leastWindowBytes, each.leastWindowBytes),
      resets: sumOf(sum.resets, each.resets),
      goaways: sumOf(sum.goaways, each.goaways),
    }),
    noHttp2Figures(),
  );

function sumOf(a: CodeCounts, b: CodeCounts): CodeCounts {
  const sum = { ...a };
  for (const [code, count] of Object.entries(b)) sum[code] = (sum[code] ?? 0) + count;
  return sum;
}
