/**
 * One response on its way to an observer: from its head to its end, whatever carries it. The
 * observer hears of its end once.
 */
import { whyNoStream, type Failure } from './answer.ts';
import { readBody, type Body } from './body.ts';
import { compressionOf, encodingsOf } from './encoding.ts';
import type { StreamCloseMethod } from './close-socket.ts';
import { Flow } from './flow.ts';
import type { HopObserver } from './follow-redirects.ts';
import type { OpenStream } from './observer.ts';
import { isRedirect } from './redirect.ts';
import { shownMessage } from './shown-message.ts';
import type { StreamRequest } from './stream-request.ts';

/** The failure cause of a stream that received bytes, but never a whole event. */
export const noWholeEvent = 'no whole event';

/**
 * Limits interim responses such as 103 Early Hints: a server that sends more never gives its real
 * response.
 */
const mostInterimAnswers = 100;

export interface ResponseHead {
  status: number;
  statusText: string;
  /** By lower-case name; several headers of the same name are an array. */
  headers: Record<string, string | string[] | undefined>;
}

export interface StreamResponse {
  flow: Flow;
  /** Whether nothing more may reach the observer. */
  isOver(): boolean;
  hadHeaders(): boolean;
  /** The body, once its head has arrived and was that of a stream. */
  body(): Body | undefined;
  /** Takes the head of an interim response, such as 103 Early Hints. */
  interim(head: Pick<ResponseHead, 'status' | 'statusText'>): void;
  /** Takes the head of the final response. */
  begin(head: ResponseHead): void;
  /** The response has ended. Received bytes are decoded first. */
  end(): void;
  /** The response cannot go on. Received bytes are decoded first. */
  breakOff(why: () => Failure): void;
  fail(cause: string, message: string): void;
  /** Our side closes the stream. @returns whether it was open */
  leave(): boolean;
}

/** @param drop releases the connection */
export const createResponse = (
  request: StreamRequest,
  observer: HopObserver,
  drop: () => void,
): StreamResponse => new Response(request, observer, drop);

/** A class, since closures of each stream would take as much memory as its socket. */
class Response implements StreamResponse {
  readonly flow: Flow;
  private readonly request: StreamRequest;
  private readonly observer: HopObserver;
  private readonly drop: () => void;
  private bodyRead: Body | undefined = undefined;
  private over = false;
  private isEnding = false;
  private hasHeaders = false;
  private interimAnswers = 0;

  constructor(request: StreamRequest, observer: HopObserver, drop: () => void) {
    this.flow = new Flow(observer);
    this.request = request;
    this.observer = observer;
    this.drop = drop;
  }

  isOver(): boolean {
    return this.over;
  }
  hadHeaders(): boolean {
    return this.hasHeaders;
  }
  body(): Body | undefined {
    return this.bodyRead;
  }
  interim({ status, statusText }: Pick<ResponseHead, 'status' | 'statusText'>): void {
    if (++this.interimAnswers > mostInterimAnswers)
      this.fail(
        'no answer',
        `${mostInterimAnswers} × ${status} ${statusText} and no final response`,
      );
  }
  begin({ status, statusText, headers }: ResponseHead): void {
    const { observer } = this;
    this.hasHeaders = true;
    if (observer.redirected && isRedirect(status)) {
      const location = headers.location === undefined ? undefined : String(headers.location);
      return this.finish(() => observer.redirected!(status, location));
    }
    const refusal = whyNoStream(status, statusText, headers, Date.now());
    if (refusal) return this.fail(...refusal);
    const encoding = compressionOf(encodingsOf(headers['content-encoding']));
    this.bodyRead = readBody(encoding, observer, this);
    observer.headers(encoding);
  }
  end(): void {
    this.afterBody(true, () => this.ended());
  }
  breakOff(why: () => Failure): void {
    this.afterBody(false, () => this.fail(...why()));
  }
  fail(cause: string, message: string): void {
    this.finish(() => this.observer.failed(cause, shownMessage(message, this.request)));
  }
  leave(): boolean {
    if (this.over) return false;
    this.over = true;
    this.bodyRead?.close();
    return true;
  }
  /** The decoder of the body holds up reading, or no longer does. */
  busy(isBusy: boolean): void {
    this.flow.busy(isBusy);
  }
  /** The body cannot be read. */
  failed(cause: string, message: string): void {
    this.fail(cause, message);
  }

  private finish(report: () => void): void {
    if (!this.leave()) return;
    report();
    this.drop();
  }
  /**
   * Decodes all received bytes before the stream is over. Meanwhile the connection may close, which
   * changes nothing.
   */
  private afterBody(isWhole: boolean, then: () => void): void {
    if (this.isEnding) return;
    this.isEnding = true;
    if (this.bodyRead && !this.over) this.bodyRead.end(isWhole, then);
    else then();
  }
  private ended(): void {
    const stray = this.bodyRead?.strayBytes();
    if (stray === undefined) this.finish(() => this.observer.ended());
    else this.fail(noWholeEvent, `${stray}; then the server ended the response`);
  }
}

type Close = (...how: Required<Parameters<OpenStream['close']>>) => void;

/** @param close closes the connection of the response */
export const streamOf = (response: StreamResponse, close: Close): OpenStream =>
  new Stream(response, close);

class Stream implements OpenStream {
  private readonly response: StreamResponse;
  private readonly closeConnection: Close;

  constructor(response: StreamResponse, close: Close) {
    this.response = response;
    this.closeConnection = close;
  }
  pause(): void {
    this.response.flow.pause();
  }
  resume(): void {
    this.response.flow.resume();
  }
  isBehind(): boolean {
    return this.response.body()?.isBehind() ?? false;
  }
  strayBytes(): string | undefined {
    return this.response.body()?.strayBytes();
  }
  close(method: StreamCloseMethod, left: () => void = () => {}): void {
    if (!this.response.leave()) return left();
    if (method === 'half-close') this.response.flow.readOn(); // also if the stream was paused
    this.closeConnection(method, left);
  }
}
