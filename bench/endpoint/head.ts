/**
 * Sends HEAD twice on one connection. HTTP libraries hide the faults of a response to HEAD: a body,
 * and a response that never ends, which keeps the connection from its next request.
 */
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { portOf } from '../scenario/servers-under-test.ts';
import type { StreamRequest } from '../stream/stream-request.ts';
import { resumeTls } from '../stream/tls.ts';
import { connectionOptions } from './exchange.ts';

export interface HeadAnswer {
  /** `null` if no response headers arrived. */
  headersAfterMs: number | null;
  status: number | null;
  /** Bytes after the headers, where a response to HEAD has none. */
  bodyBytes: number;
  /**
   * Whether the connection accepted another request; `null` if it was closed, or ssebench could not
   * wait long enough.
   */
  secondAnswered: boolean | null;
  /** How long ssebench waited in total. */
  watchedMs: number;
}

/** More bytes add no finding, and a server can send gigabytes. */
const enoughCharacters = 2 ** 16;
/** Long enough for the first events of a server that streams to HEAD. */
const strayWithinMs = 300;
/** How long a second answer may take, at least and as a multiple of the first. */
const secondWithinMs = 1_000;
const secondWithinFirsts = 3;

/** @param signal ends the observation */
export async function sendHead(asked: StreamRequest, signal: AbortSignal): Promise<HeadAnswer> {
  const { url, headers } = asked;
  const socket = url.protocol === 'https:' ? openTls(asked) : connectTcp(addressOf(asked));
  let text = '';
  let isOpen = true;
  socket.on('data', (bytes) => {
    text = withoutInterim(text + bytes.toString('latin1'));
    if (text.length > enoughCharacters) socket.destroy();
  });
  socket.on('error', () => {}).on('close', () => (isOpen = false));
  const lines = Object.entries({ host: url.host, ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  const head = `HEAD ${url.pathname}${url.search} HTTP/1.1\r\n${lines.join('')}\r\n`;
  const sentMs = performance.now();
  socket.write(head, 'latin1');
  const hasHead = () => text.includes('\r\n\r\n');
  const waitedMs = () => performance.now() - sentMs;
  try {
    if (!(await until(socket, hasHead, signal))) return { ...noHead, watchedMs: waitedMs() };
    const headersAfterMs = waitedMs();
    const status = Number(/^HTTP\/1\.\d (\d{3})/.exec(text)?.[1] ?? 0) || null;
    await until(socket, () => false, AbortSignal.any([signal, AbortSignal.timeout(strayWithinMs)]));
    const bodyBytes = text.length - text.indexOf('\r\n\r\n') - 4;
    let secondAnswered: boolean | null = null;
    if (isOpen && bodyBytes === 0) {
      text = '';
      socket.write(head, 'latin1');
      const withinMs = Math.ceil(Math.max(secondWithinMs, secondWithinFirsts * headersAfterMs));
      const late = AbortSignal.timeout(withinMs);
      if (await until(socket, hasHead, AbortSignal.any([signal, late]))) secondAnswered = true;
      else if (late.aborted && isOpen) secondAnswered = false;
    }
    return { headersAfterMs, status, bodyBytes, secondAnswered, watchedMs: waitedMs() };
  } finally {
    socket.destroy();
  }
}

/** Interim responses, such as 103, have no body, and the final one follows. */
export const withoutInterim = (text: string): string =>
  text.replace(/^(HTTP\/1\.\d 1\d\d[^]*?\r\n\r\n)+/, '');

const noHead: Omit<HeadAnswer, 'watchedMs'> = {
  headersAfterMs: null,
  status: null,
  bodyBytes: 0,
  secondAnswered: null,
};

const hostOf = ({ hostname }: URL) => hostname.replace(/^\[|\]$/g, '');

function addressOf({ url, options: { socketPath }, isElsewhere }: StreamRequest) {
  if (socketPath !== null && !isElsewhere) return { path: socketPath };
  return { host: hostOf(url), port: portOf(url.href) };
}

function openTls(asked: StreamRequest, protocols?: readonly string[]): TLSSocket {
  const host = hostOf(asked.url);
  const socket = connectTls({
    ...(isIP(host) === 0 && { servername: host }),
    ...connectionOptions(asked),
    ...addressOf(asked),
    ...(protocols && { ALPNProtocols: [...protocols] }),
  });
  resumeTls(asked, socket);
  return socket;
}

/** The protocol that the server selects for a browser, such as `h2`; `null` if it selects none. */
export async function selectedProtocol(
  asked: StreamRequest,
  signal: AbortSignal,
): Promise<string | null> {
  const socket = openTls(asked, ['h2', 'http/1.1']);
  let isConnected = false;
  socket.on('secureConnect', () => (isConnected = true)).on('error', () => {});
  try {
    await until(socket, () => isConnected, signal, 'secureConnect');
    return socket.alpnProtocol || null;
  } finally {
    socket.destroy();
  }
}

/** @returns whether the condition became true before the socket closed or the signal was aborted */
function until(
  socket: Socket,
  condition: () => boolean,
  signal: AbortSignal,
  event: 'data' | 'secureConnect' = 'data',
): Promise<boolean> {
  return new Promise((resolve) => {
    const finish = (isTrue: boolean) => {
      socket.off(event, check).off('close', close);
      signal.removeEventListener('abort', close);
      resolve(isTrue);
    };
    const check = () => condition() && finish(true);
    const close = () => finish(condition());
    socket.on(event, check).on('close', close);
    signal.addEventListener('abort', close);
    if (signal.aborted || socket.destroyed) close();
    else check();
  });
}
