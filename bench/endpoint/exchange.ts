/** One request and everything that arrived, with its times. */
import { request as requestHttp, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { compressionOf, encodingsOf, openDecoder } from '../stream/encoding.ts';
import { CR, LF } from './lines.ts';
import { beginsLikeHttp2, onlyHttp2 } from '../stream/http2.ts';
import { failureCause, failureMessage } from '../stream/failure.ts';
import type { StreamRequest } from '../stream/stream-request.ts';
import { resumeTls, tlsOptionsOf } from '../stream/tls.ts';

/** Bytes that arrived together. */
export interface Read {
  /** Milliseconds since the request was sent. */
  atMs: number;
  /** Decompressed, if ssebench knows the encoding. */
  bytes: Buffer;
}

/** Plain data. All times are in milliseconds since the request was sent. */
export interface Exchange {
  method: string;
  /** Milliseconds from the start of the check until the request was sent. */
  sentAtMs: number;
  /** `null` if no response headers arrived. */
  headersAfterMs: number | null;
  status: number | null;
  statusText: string;
  /** By lower-case name. Repeated headers are joined with commas. */
  headers: Readonly<Record<string, string>>;
  /** Such as `1.1`; `null` without a response. */
  httpVersion: string | null;
  reads: readonly Read[];
  /** Bytes of the body before they were decompressed. */
  rawBytes: number;
  /** When the server ended the body; `null` if it did not. */
  endedAfterMs: number | null;
  /** How long ssebench observed the exchange. */
  watchedMs: number;
  failure: { cause: string; message: string } | null;
}

export interface OpenExchange {
  /** Everything so far. */
  soFar(): Exchange;
  /** Resolves when the headers have arrived, or when no more can arrive. */
  answered: Promise<void>;
  /** Resolves when the body has ended, has failed, or was closed. */
  over: Promise<void>;
  close(): void;
}

/**
 * More add no finding, and a server can send gigabytes within seconds. Each line and each read costs
 * memory and time of its own.
 */
const enoughBytes = 4 * 2 ** 20;
const enoughLines = 100_000;
const enoughReads = 50_000;
const decodedAtOnce = 64 * 2 ** 10;

/** The options of a connection, for `node:http` and `node:tls`. */
export const connectionOptions = (request: StreamRequest) => ({
  ...(request.options.socketPath !== null &&
    !request.isElsewhere && { socketPath: request.options.socketPath }),
  ...(request.url.protocol === 'https:' && tlsOptionsOf(request)),
});

/**
 * Sends a request on its own connection, as a browser does for a new stream.
 *
 * @param startMs `performance.now()` at the start of the check
 */
export function openExchange(asked: StreamRequest, startMs: number): OpenExchange {
  const { url, method, headers, body } = asked;
  const sentMs = performance.now();
  const sinceSentMs = () => performance.now() - sentMs;
  const answered = Promise.withResolvers<void>();
  const over = Promise.withResolvers<void>();
  const reads: Read[] = [];
  let response: Partial<Exchange> = {};
  let rawBytes = 0;
  let decodedBytes = 0;
  let lines = 0;
  let watchedMs: number | undefined;

  function finish(result: Partial<Exchange> = {}) {
    if (watchedMs !== undefined) return;
    watchedMs = sinceSentMs();
    response = { ...response, ...result };
    request.destroy();
    answered.resolve();
    over.resolve();
  }
  const fail = (error: Error) =>
    finish({ failure: failureOf(error, response.status !== undefined) });
  function read(bytes: Buffer) {
    if (watchedMs !== undefined) return;
    reads.push({ atMs: sinceSentMs(), bytes });
    decodedBytes += bytes.length;
    lines += lineEndsIn(bytes);
    if (decodedBytes > enoughBytes || lines > enoughLines || reads.length > enoughReads) finish();
  }

  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  const request: ClientRequest = send(url, {
    ...connectionOptions(asked),
    method,
    headers: { connection: 'keep-alive', ...headers },
    agent: false,
    // Without an offer, a server that speaks only HTTP/2 may answer with a status of its own.
    ...(url.protocol === 'https:' && { ALPNProtocols: ['http/1.1'] }),
  });
  if (url.protocol === 'https:')
    request.once('socket', (socket) => resumeTls(asked, socket as TLSSocket));
  request.on('error', fail).on('response', (incoming) => {
    response = { ...headOf(incoming), headersAfterMs: sinceSentMs() };
    answered.resolve();
    incoming.on('data', (bytes: Buffer) => (rawBytes += bytes.length));
    const ended = () => finish({ endedAfterMs: sinceSentMs() });
    incoming.on('error', fail);
    readDecoded(incoming, read, ended, fail);
  });
  request.end(body ?? undefined);

  return {
    soFar: () => ({
      ...unanswered,
      method,
      sentAtMs: sentMs - startMs,
      ...response,
      reads,
      rawBytes,
      watchedMs: watchedMs ?? sinceSentMs(),
    }),
    answered: answered.promise,
    over: over.promise,
    close: () => finish(),
  };
}

function lineEndsIn(bytes: Buffer): number {
  let count = 0;
  for (let at = 0; at < bytes.length; at++) if (bytes[at] === LF || bytes[at] === CR) count++;
  return count;
}

/** A request that was not sent. */
export const noExchange = (method: string): Exchange => ({
  ...unanswered,
  method,
  sentAtMs: 0,
  reads: [],
  rawBytes: 0,
  watchedMs: 0,
});

const unanswered = {
  headersAfterMs: null,
  status: null,
  statusText: '',
  headers: {},
  httpVersion: null,
  endedAfterMs: null,
  failure: null,
} as const satisfies Partial<Exchange>;

const headOf = ({ statusCode, statusMessage, headers, httpVersion }: IncomingMessage) => ({
  status: statusCode!,
  statusText: statusMessage ?? '',
  httpVersion,
  headers: Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')]),
  ),
});

/** Reads a body. Passes it on unchanged if ssebench does not know its encoding. */
function readDecoded(
  incoming: IncomingMessage,
  read: (bytes: Buffer) => void,
  ended: () => void,
  fail: (error: Error) => void,
) {
  const encoding = compressionOf(encodingsOf(incoming.headers['content-encoding']));
  if (encoding === undefined) {
    incoming.on('data', read).on('end', ended);
    return;
  }
  let decoder: ReturnType<typeof openDecoder>['transform'] | undefined;
  incoming.on('data', (bytes: Buffer) => {
    decoder ??= openDecoder(encoding, bytes[0]!, decodedAtOnce)
      .transform.on('data', read)
      .on('end', ended)
      .on('error', fail);
    decoder.write(bytes);
  });
  incoming.on('end', () => (decoder ? decoder.end() : ended()));
}

function failureOf(error: Error, hadHeaders: boolean): Exchange['failure'] {
  const { code = '', rawPacket } = error as NodeJS.ErrnoException & { rawPacket?: Buffer };
  if (rawPacket && !hadHeaders && beginsLikeHttp2(rawPacket))
    return { cause: onlyHttp2[0], message: onlyHttp2[1] };
  const cause = code.startsWith('HPE_')
    ? 'not HTTP'
    : code.startsWith('Z_') || code.startsWith('ERR__ERROR_FORMAT')
      ? 'bad compression'
      : failureCause(error, hadHeaders);
  return { cause, message: failureMessage(error) };
}
