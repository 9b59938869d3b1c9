/**
 * One stream: a request, its response, and its events. The interface is small on purpose, so that
 * another way to read a socket can replace undici if a measurement shows a benefit.
 */
import type { Dispatcher } from 'undici';
import { faultIn, faultOfAnswer, whyNoStream, type Failure } from './answer.ts';
import { readBody, type Body } from './body.ts';
import { openConnection, type Connection } from './connection.ts';
import { compressionOf, encodingsOf } from './encoding.ts';
import { failureCause, failureMessage } from './failure.ts';
import { createFlow, type Flow } from './flow.ts';
import { followRedirects, type HopObserver } from './follow-redirects.ts';
import type { OpenStream, StreamObserver } from './observer.ts';
import { isRedirect } from './redirect.ts';
import { shownMessage } from './shown-message.ts';
import type { StreamRequest } from './stream-request.ts';

export type { OpenStream, StreamObserver };

/**
 * Limits interim responses such as 103 Early Hints: a server that sends more never gives its real
 * response.
 */
const mostInterimAnswers = 100;

/** The failure cause of a stream that received bytes, but never a whole event. */
export const noWholeEvent = 'no whole event';

/** Opens a stream. If its request follows redirects, the first other response counts. */
export function openStream(request: StreamRequest, observer: StreamObserver): OpenStream {
  return request.options.followsRedirects
    ? followRedirects(request, observer, openOnce)
    : openOnce(request, observer);
}

/** The state of one request, shared by its parts. */
interface State {
  connection: Connection;
  flow: Flow;
  observer: HopObserver;
  body: Body | undefined;
  hadHeaders: boolean;
  over: boolean;
  finish(report: () => void): void;
  fail(cause: string, message: string): void;
}

/** Opens one request on its own connection. */
function openOnce(request: StreamRequest, observer: HopObserver): OpenStream {
  const fail = (cause: string, message: string) =>
    state.finish(() => observer.failed(cause, shownMessage(message, request)));
  const state: State = {
    connection: openConnection(
      request,
      () => state.over,
      (message) => fail('headers too long', message),
    ),
    flow: createFlow((isBusy) => observer.busy?.(isBusy)),
    observer,
    body: undefined,
    hadHeaders: false,
    over: false,
    finish(report) {
      if (state.over) return;
      state.over = true;
      state.body?.close();
      report();
      connection.drop();
    },
    fail,
  };
  const { connection, flow } = state;
  const { url, method, headers, body } = request;
  connection.client.dispatch(
    { path: url.pathname + url.search, method: method as Dispatcher.HttpMethod, headers, body },
    responseHandler(state),
  );

  return {
    pause: flow.pause,
    resume: flow.resume,
    isBehind: () => state.body?.isBehind() ?? false,
    strayBytes: () => state.body?.strayBytes(),
    close(closeMethod, left = () => {}) {
      if (state.over) return left();
      state.over = true;
      state.body?.close();
      if (closeMethod === 'half-close') flow.readOn(); // also if the stream was paused
      connection.close(closeMethod, left);
    },
  };
}

/** Passes the response on to the observer, as undici parses it. */
function responseHandler(state: State): Dispatcher.DispatchHandler {
  const { connection, observer } = state;
  let interimAnswers = 0;
  let isCompressed = false;
  let bytesRead = 0;

  return {
    onRequestStart() {}, // undici requires it
    onResponseStart(controller, status, headers, statusText = '') {
      if (state.over) return;
      state.flow.begin(controller);
      const fault = faultOfAnswer(status, connection.reads?.head() ?? '');
      if (fault) return state.fail(...fault);
      if (status < 200) {
        connection.reads?.interim();
        if (++interimAnswers > mostInterimAnswers) state.fail(...onlyInterim(status, statusText));
        return;
      }
      isCompressed = begun(state, status, headers, statusText) !== undefined;
    },
    onResponseData(_controller, chunk) {
      if (state.over) return;
      const readByNow = connection.socket!.bytesRead;
      observer.body(chunk.length, readByNow !== bytesRead);
      bytesRead = readByNow;
      if (isCompressed) connection.reads!.keep(); // another thread decodes it
      state.body!.feed(chunk);
    },
    onResponseEnd() {
      // undici's error for a reset depends on how the body ends; the socket has the real error.
      const error = connection.socket?.errored;
      if (error) afterBody(state, false, () => failWith(state, error));
      else afterBody(state, true, () => ended(state));
    },
    onResponseError: (_controller, error) =>
      afterBody(state, false, () => failWith(state, connection.socket?.errored ?? error)),
  };
}

const onlyInterim = (status: number, statusText: string): Failure => [
  'no answer',
  `${mostInterimAnswers} × ${status} ${statusText} and no final response`,
];

type Headers = Record<string, string | string[] | undefined>;

/** Takes the head of the final response. @returns the encoding of its body, if it is compressed */
function begun(state: State, status: number, headers: Headers, statusText: string) {
  const { connection, flow, observer, finish, fail } = state;
  state.hadHeaders = true;
  connection.reads?.body();
  if (observer.redirected && isRedirect(status)) {
    const location = headers.location === undefined ? undefined : String(headers.location);
    finish(() => observer.redirected!(status, location));
    return undefined;
  }
  const refusal = whyNoStream(status, statusText, headers, Date.now());
  if (refusal) {
    fail(...refusal);
    return undefined;
  }
  const encoding = compressionOf(encodingsOf(headers['content-encoding']));
  state.body = readBody(encoding, observer, { busy: flow.busy, failed: fail });
  observer.headers(encoding);
  return encoding;
}

/** Decodes all received bytes before the stream is over. */
function afterBody({ body, over }: State, isWhole: boolean, then: () => void) {
  if (body && !over) body.end(isWhole, then);
  else then();
}

function ended({ body, observer, finish, fail }: State) {
  const stray = body?.strayBytes();
  if (stray === undefined) finish(() => observer.ended());
  else fail(noWholeEvent, `${stray}; then the server ended the response`);
}

function failWith({ connection, hadHeaders, fail }: State, error: Error) {
  const fault = hadHeaders ? undefined : faultIn(error, connection.reads?.head() ?? '');
  fail(...(fault ?? [failureCause(error, hadHeaders), failureMessage(error)]));
}
