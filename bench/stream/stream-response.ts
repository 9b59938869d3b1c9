/**
 * One response on its way to an observer: from its head to its end, whatever carries it. The
 * observer hears of its end once.
 */
import { whyNoStream, type Failure } from './answer.ts';
import { readBody, type Body } from './body.ts';
import { compressionOf, encodingsOf } from './encoding.ts';
import { createFlow, type Flow } from './flow.ts';
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
export function createResponse(
  request: StreamRequest,
  observer: HopObserver,
  drop: () => void,
): StreamResponse {
  const flow = createFlow((isBusy) => observer.busy?.(isBusy));
  let body: Body | undefined;
  let [over, isEnding, hadHeaders, interimAnswers] = [false, false, false, 0];

  function finish(report: () => void) {
    if (!leave()) return;
    report();
    drop();
  }
  const fail = (cause: string, message: string) =>
    finish(() => observer.failed(cause, shownMessage(message, request)));
  function leave() {
    if (over) return false;
    over = true;
    body?.close();
    return true;
  }
  /**
   * Decodes all received bytes before the stream is over. Meanwhile the connection may close, which
   * changes nothing.
   */
  function afterBody(isWhole: boolean, then: () => void) {
    if (isEnding) return;
    isEnding = true;
    if (body && !over) body.end(isWhole, then);
    else then();
  }
  function ended() {
    const stray = body?.strayBytes();
    if (stray === undefined) finish(() => observer.ended());
    else fail(noWholeEvent, `${stray}; then the server ended the response`);
  }

  return {
    flow,
    isOver: () => over,
    hadHeaders: () => hadHeaders,
    body: () => body,
    interim({ status, statusText }) {
      if (++interimAnswers > mostInterimAnswers)
        fail('no answer', `${mostInterimAnswers} × ${status} ${statusText} and no final response`);
    },
    begin({ status, statusText, headers }) {
      hadHeaders = true;
      if (observer.redirected && isRedirect(status)) {
        const location = headers.location === undefined ? undefined : String(headers.location);
        return finish(() => observer.redirected!(status, location));
      }
      const refusal = whyNoStream(status, statusText, headers, Date.now());
      if (refusal) return fail(...refusal);
      const encoding = compressionOf(encodingsOf(headers['content-encoding']));
      body = readBody(encoding, observer, { busy: flow.busy, failed: fail });
      observer.headers(encoding);
    },
    end: () => afterBody(true, ended),
    breakOff: (why) => afterBody(false, () => fail(...why())),
    fail,
    leave,
  };
}

/** @param close closes the connection of the response */
export const streamOf = (
  { flow, body, leave }: StreamResponse,
  close: (...how: Required<Parameters<OpenStream['close']>>) => void,
): OpenStream => ({
  pause: flow.pause,
  resume: flow.resume,
  isBehind: () => body()?.isBehind() ?? false,
  strayBytes: () => body()?.strayBytes(),
  close(method, left = () => {}) {
    if (!leave()) return left();
    if (method === 'half-close') flow.readOn(); // also if the stream was paused
    close(method, left);
  },
});
