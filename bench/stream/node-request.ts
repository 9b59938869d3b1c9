/**
 * Requests through Node's own HTTP clients, for callers that handle the response themselves. They
 * connect and follow redirects as the streams of a load do.
 */
import type { EventEmitter } from 'node:events';
import { Agent, request as requestHttp, type AgentOptions, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { connect, type NetConnectOpts, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { urlToHttpOptions } from 'node:url';
import type { Failure } from './answer.ts';
import { failureCause, failureMessage } from './failure.ts';
import { Http2Request } from './http2-request.ts';
import { afterRedirect, failureAfter, isRedirect } from './redirect.ts';
import { carries } from './sockets.ts';
import type { StreamRequest } from './stream-request.ts';
import { resumeTls, tlsOptionsOf } from './tls.ts';

/** The connections of a group of requests. */
export interface Agents {
  http: Agent;
  https: Agent;
  destroy(): void;
}

/**
 * @param keepAlive whether connections stay open for later requests
 * @param readsAhead whether Node reads up to 64 KB of a response that is paused. Otherwise it stops
 * at the next piece, so that only the buffers of the system fill up
 */
export function createAgents(keepAlive: boolean, readsAhead = true): Agents {
  const settings: AgentOptions = {
    keepAlive,
    maxSockets: Infinity,
    ...(!readsAhead && { highWaterMark: 1 }),
  };
  const http = new Agent(settings);
  const https = new HttpsAgent(settings);
  https.createConnection = (target) => connectOverTcp(target as SocketOptions);
  return {
    http,
    https,
    destroy() {
      http.destroy();
      https.destroy();
    },
  };
}

/** Options of a socket, as an agent passes them. */
type SocketOptions = ConnectionOptions & {
  socketPath?: string | null;
  localAddress?: string;
  family?: number;
};

/** Uses a TCP socket of its own, since only such a socket can be reset. */
function connectOverTcp(options: SocketOptions) {
  const { socketPath, host, port, localAddress, family } = options;
  const tcp = connect(
    socketPath ? { path: socketPath } : ({ host, port, localAddress, family } as NetConnectOpts),
  );
  const socket = connectTls({ ...options, socket: tcp });
  carries(tcp, socket);
  return socket;
}

/** A request of node:http or of HTTP/2. */
export interface Sending extends Pick<EventEmitter, 'on' | 'once'> {
  socket: Socket | null;
  destroy(): unknown;
}

export interface SentRequest {
  /** Changes with each redirect. */
  current(): Sending;
  /** Follows no redirect from now on. */
  stop(): void;
}

export interface ResponseObserver {
  /** A request was sent, after this many redirects. */
  sent?(redirects: number): void;
  /** The final response; a redirect only if redirects are not followed. */
  response(response: IncomingMessage, redirects: number, url: URL): void;
  failed(cause: string, message: string): void;
  /** The connection of the last request is closed. */
  closed?(): void;
}

/**
 * Sends a request, and follows its redirects if its options say so.
 *
 * @throws if a header cannot be sent
 */
export function send(
  first: StreamRequest,
  agents: Agents,
  observer: ResponseObserver,
): SentRequest {
  let current: Sending;
  let isOver = false;

  function follow(request: StreamRequest, redirects: number) {
    const sending = (current = start(request, agents));
    const isCurrent = () => sending === current;
    let hadHeaders = false;
    sending.once('finish', () => isCurrent() && observer.sent?.(redirects));
    sending.once('response', (response: IncomingMessage) => {
      const { statusCode = 0, headers } = response;
      hadHeaders = true;
      if (!request.options.followsRedirects || !isRedirect(statusCode))
        return observer.response(response, redirects, request.url);
      if (isOver) return undefined;
      const next = afterRedirect(request, statusCode, headers.location, redirects + 1);
      if (isFailure(next)) return observer.failed(...next);
      follow(next, redirects + 1);
      return void sending.destroy();
    });
    sending.on('error', (error: Error) => {
      if (!isCurrent()) return;
      const message = failureMessage(error);
      observer.failed(
        failureCause(error, hadHeaders),
        failureAfter(redirects, request.url, message),
      );
    });
    sending.once('close', () => isCurrent() && observer.closed?.());
  }
  follow(first, 0);
  return { current: () => current, stop: () => void (isOver = true) };
}

const isFailure = (next: StreamRequest | Failure): next is Failure => Array.isArray(next);

function start(request: StreamRequest, { http, https }: Agents): Sending {
  if (request.options.http2) return new Http2Request(request);
  const { url, method, headers, body, options, isElsewhere, localAddress } = request;
  const isTls = url.protocol === 'https:';
  const sending = (isTls ? requestHttps : requestHttp)({
    ...urlToHttpOptions(url),
    auth: null, // the credentials of the URL are among the headers
    method,
    headers: { ...headers, ...(body !== null && { 'content-length': Buffer.byteLength(body) }) },
    agent: isTls ? https : http,
    ...(isTls && tlsOptionsOf(request)),
    ...(options.socketPath !== null && !isElsewhere && { socketPath: options.socketPath }),
    ...(localAddress !== undefined && { localAddress, family: 4 }),
  });
  if (isTls)
    sending.once('socket', (socket) => {
      if (socket.connecting) resumeTls(request, socket as TLSSocket);
    });
  sending.end(body ?? undefined);
  return sending;
}
