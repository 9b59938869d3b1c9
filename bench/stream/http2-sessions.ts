/**
 * The HTTP/2 sessions of a load. A session is one connection, and carries a limited number of
 * streams. A stream without a place on a session opens another one, so no stream waits behind
 * others in a queue.
 */
import type { ClientHttp2Session, ClientHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { usualStreamsPerConnection, type RequestOptions } from '../scenario/request-options.ts';
import type { Failure } from './answer.ts';
import { closeSocket, type StreamCloseMethod } from './close-socket.ts';
import { connectForHttp2 } from './http2-connect.ts';
import { http2Refused, openedLate, whyNotOpened } from './http2-failures.ts';
import { countCode, leastOf, noHttp2Figures, type Http2Figures } from './http2-figures.ts';
import { connectWithinMs } from './limits.ts';
import type { StreamRequest } from './stream-request.ts';

/** The window of a stream (RFC 9113, section 6.9.2), which ssebench does not change. */
const streamWindowBytes = 65_535;
const largestWindowBytes = 2 ** 31 - 1;
/** The window of a connection is sampled whenever this share of it has arrived. */
const sampledShare = 1 / 64;

/** RST_STREAM with this code disconnects a stream. */
const CANCEL = 8;

/** A stream that needs a place on a session. */
export interface Passenger {
  /** The session is open: sends the request. @throws if the request is invalid */
  start(http2: ClientHttp2Session, session: Session): ClientHttp2Stream;
  /** The stream gets no session. */
  failed(cause: string, message: string): void;
}

/** The sessions of requests with the same options. */
const pools = new WeakMap<RequestOptions, Pool>();

/** @returns the figures of the sessions of these options so far; `undefined` if there were none */
export const http2FiguresOf = (options: RequestOptions): Http2Figures | undefined =>
  pools.get(options)?.figures;

/** Takes a place on a session, and opens a session if none has room. */
export function takePlace(request: StreamRequest, passenger: Passenger): Place {
  let pool = pools.get(request.options);
  if (!pool) pools.set(request.options, (pool = new Pool(request.options)));
  return pool.take(request, new Place(request, passenger));
}

class Pool {
  readonly figures = noHttp2Figures();
  private readonly given: number | null;
  /** The fewest streams that a server has allowed so far. */
  private allowed = Infinity;
  /** Sessions with room, by where they lead. */
  private readonly roomy = new Map<string, Set<Session>>();

  constructor(options: RequestOptions) {
    this.given = options.http2?.streamsPerConnection ?? null;
  }
  take(request: StreamRequest, place: Place): Place {
    const { url, isElsewhere, localAddress = '' } = request;
    const to = `${url.origin} ${isElsewhere} ${localAddress}`;
    let roomy = this.roomy.get(to);
    if (!roomy) this.roomy.set(to, (roomy = new Set()));
    let [session] = roomy;
    session ??= new Session(this, roomy, request);
    session.add(place);
    return place;
  }
  /** The most streams of one connection. */
  most(): number {
    return this.given ?? Math.min(usualStreamsPerConnection, this.allowed);
  }
  /** Takes the limit of a server. @returns why the streams cannot keep to it */
  allow(most: number): Failure | undefined {
    if (most > 0) this.allowed = Math.min(this.allowed, most);
    if (most >= this.most() && most > 0) return undefined;
    const asked = this.given === null ? 'needs 1' : `is to open ${this.given}`;
    return [
      'too many streams per connection',
      `the server allows ${most} streams on a connection, and ssebench ${asked}`,
    ];
  }
}

/** A class, since a load may have a session for each stream. */
export class Session {
  readonly socket: Socket;
  /** Why the session ended, or could not be opened; `undefined` if the server only closed it. */
  error: NodeJS.ErrnoException | undefined = undefined;
  /** The code of the server's GOAWAY. */
  goaway: number | undefined = undefined;
  private readonly http2: ClientHttp2Session;
  private readonly pool: Pool;
  private readonly roomy: Set<Session>;
  private readonly places = new Set<Place>();
  private leaving: { place: Place; method: StreamCloseMethod; left: () => void }[] = [];
  private isOpen = false;
  /** The most streams that the server allows on this connection. */
  private allowed = Infinity;
  private windowBytes = 0;
  private sampledBytes = -Infinity;

  constructor(pool: Pool, roomy: Set<Session>, request: StreamRequest) {
    this.pool = pool;
    this.roomy = roomy;
    const { session, socket } = connectForHttp2(request);
    this.http2 = session;
    this.socket = socket;
    let isConnected = false;
    const late = setTimeout(() => this.failAll(openedLate(isConnected)), connectWithinMs).unref();
    session.on('connect', () => {
      isConnected = true;
      const { alpnProtocol } = socket as TLSSocket;
      if (typeof alpnProtocol === 'string' && alpnProtocol !== 'h2')
        this.failAll([http2Refused, `the server chose ${alpnProtocol}`]);
    });
    session.on('remoteSettings', ({ maxConcurrentStreams = Infinity }) => {
      clearTimeout(late);
      this.settle(maxConcurrentStreams);
    });
    session.on('goaway', (code) => {
      if (this.goaway !== code) countCode(pool.figures.goaways, code);
      this.goaway = code;
      roomy.delete(this);
    });
    session.on('error', (error) => (this.error ??= error));
    session.on('close', () => {
      clearTimeout(late);
      roomy.delete(this);
      if (!this.isOpen) this.failAll(whyNotOpened(this.error, socket));
    });
  }

  add(place: Place): void {
    this.places.add(place);
    place.session = this;
    this.updateRoom();
    if (this.isOpen) this.start(place);
  }
  /** Whether the connection is closed, and with it all its streams. */
  isLost(): boolean {
    return this.http2.destroyed;
  }
  countReset(code: number): void {
    countCode(this.pool.figures.resets, code);
  }
  /** Notes how much of the connection window remains. @param readBytes bytes read so far */
  sampleWindow(readBytes: number): void {
    if (readBytes - this.sampledBytes < this.windowBytes * sampledShare || this.isLost()) return;
    this.sampledBytes = readBytes;
    const { figures } = this.pool;
    const { localWindowSize = null } = this.http2.state;
    figures.leastWindowBytes = leastOf(figures.leastWindowBytes, localWindowSize);
  }
  /** Streams that disconnect in the same turn do so together: see `leaveTogether`. */
  leave(place: Place, method: StreamCloseMethod, left: () => void): void {
    if (!this.places.has(place)) return left();
    if (this.leaving.push({ place, method, left }) === 1)
      queueMicrotask(() => this.leaveTogether());
  }

  /** Takes the server's SETTINGS, which may also change later. */
  private settle(allowed: number): void {
    const { pool, http2 } = this;
    this.allowed = allowed;
    const why = pool.allow(allowed);
    const waiting = [...this.places].filter(({ stream }) => !stream);
    if (why && !this.isOpen) return this.failAll(why);
    if (!this.isOpen) {
      this.isOpen = true;
      pool.figures.sessions++;
      this.windowBytes = Math.min(largestWindowBytes, pool.most() * streamWindowBytes);
      pool.figures.windowBytes = leastOf(pool.figures.windowBytes, this.windowBytes);
      // Room for the windows of all streams, since a stream that is not read holds back its own. So
      // the server waits only for the window of a stream.
      if (this.windowBytes > streamWindowBytes) http2.setLocalWindowSize(this.windowBytes);
    }
    const without = waiting.slice(pool.most());
    for (const place of without) this.places.delete(place);
    this.updateRoom();
    for (const place of waiting.slice(0, pool.most())) this.start(place);
    for (const place of without) pool.take(place.request, place);
  }
  private start(place: Place): void {
    const { figures } = this.pool;
    figures.requests++;
    figures.mostStreams = Math.max(figures.mostStreams, this.places.size);
    place.start(this.http2);
  }
  private failAll([cause, message]: Failure): void {
    this.roomy.delete(this);
    const places = [...this.places];
    this.places.clear();
    this.drop();
    for (const { passenger } of places) passenger.failed(cause, message);
  }
  private updateRoom(): void {
    const most = Math.min(this.pool.most(), this.allowed);
    const hasRoom = this.places.size < most && this.goaway === undefined && !this.http2.closed;
    if (hasRoom) this.roomy.add(this);
    else this.roomy.delete(this);
  }
  /**
   * The connection closes together with its last streams, in the given way. If other streams
   * remain open, RST_STREAM disconnects single streams.
   */
  private leaveTogether(): void {
    const { leaving } = this;
    this.leaving = [];
    for (const { place } of leaving) this.places.delete(place);
    if (this.places.size === 0) {
      this.roomy.delete(this);
      const [{ method } = { method: 'fin' as const }] = leaving;
      const socket = this.isOpen && !this.isLost() ? this.socket : undefined;
      const left = () => leaving.forEach((each) => each.left());
      return closeSocket(socket, method, left, () => this.drop());
    }
    this.updateRoom();
    for (const { place, left } of leaving) {
      place.stream?.close(CANCEL);
      left();
    }
  }
  private drop(): void {
    this.http2.destroy();
    this.socket.destroy();
  }
}

/** The place of a stream on a session. */
export class Place {
  readonly request: StreamRequest;
  readonly passenger: Passenger;
  session: Session | undefined = undefined;
  stream: ClientHttp2Stream | undefined = undefined;

  constructor(request: StreamRequest, passenger: Passenger) {
    this.request = request;
    this.passenger = passenger;
  }
  start(http2: ClientHttp2Session): void {
    try {
      this.stream = this.passenger.start(http2, this.session!);
    } catch (error) {
      // Not before the caller has the stream.
      const { code = 'invalid request', message } = error as NodeJS.ErrnoException;
      queueMicrotask(() => this.passenger.failed(code, message));
    }
  }
  /** Gives the place back. A stream that is open is disconnected. */
  leave(method: StreamCloseMethod, left: () => void): void {
    this.session!.leave(this, method, left);
  }
}
