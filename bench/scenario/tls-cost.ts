/** The cost of streams over TLS, for ramps and memory checks. Pure. */

/** The part of a server that determines whether its streams are encrypted. */
type Server = { kind: 'reference' } | { kind: 'url'; url: string };

/**
 * CPU time of a side to open a stream over TLS, in milliseconds, with a full handshake. That is four
 * to eight times the time without TLS. A resumed handshake takes up to 40 % less.
 */
export const openingCpuMs = 1;

/**
 * The length of a ramp for each stream, in milliseconds. A side accepts one or two thousand streams
 * per second, but over TLS a third of that, so that it stays less than half busy.
 */
export const rampMsPerStream = (serversUnderTest: readonly Server[]): number =>
  anyUsesTls(serversUnderTest) ? 3 : 1;

/** Whether streams of any of these servers are encrypted. */
export const anyUsesTls = (serversUnderTest: readonly Server[]): boolean =>
  serversUnderTest.some((server) => server.kind === 'url' && /^https:/i.test(server.url));
