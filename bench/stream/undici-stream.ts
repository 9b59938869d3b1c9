/** A stream that undici reads. */
import type { Dispatcher } from 'undici';
import { faultIn, faultOfAnswer, type Failure } from './answer.ts';
import { createResponse, streamOf, type StreamResponse } from './stream-response.ts';
import { openConnection, type Connection } from './connection.ts';
import { failureCause, failureMessage } from './failure.ts';
import type { HopObserver } from './follow-redirects.ts';
import type { OpenStream } from './observer.ts';
import type { StreamRequest } from './stream-request.ts';

/** Opens one request on its own connection. */
export function openWithUndici(request: StreamRequest, observer: HopObserver): OpenStream {
  const response = createResponse(request, observer, () => connection.drop());
  const connection = openConnection(
    request,
    () => response.isOver(),
    (message) => response.fail('headers too long', message),
    (isResumed) => observer.secured?.(isResumed),
  );
  const { url, method, headers, body } = request;
  connection.client.dispatch(
    { path: url.pathname + url.search, method: method as Dispatcher.HttpMethod, headers, body },
    responseHandler(connection, response, observer),
  );
  return streamOf(response, connection.close);
}

/** Passes the response on to the observer, as undici parses it. */
function responseHandler(
  connection: Connection,
  response: StreamResponse,
  observer: HopObserver,
): Dispatcher.DispatchHandler {
  let bytesRead = 0;
  const head = () => connection.reads?.head() ?? '';
  const socketError = () => connection.alert ?? connection.socket?.errored;
  const breakOff = (error: Error) =>
    response.breakOff(() => failureOf(error, response.hadHeaders(), head()));

  return {
    onRequestStart() {}, // undici requires it
    onResponseStart(controller, status, headers, statusText = '') {
      if (response.isOver()) return;
      response.flow.begin(controller);
      const fault = faultOfAnswer(status, head());
      if (fault) return response.fail(...fault);
      if (status < 200) {
        connection.reads?.interim();
        return response.interim({ status, statusText });
      }
      connection.reads?.body();
      response.begin({ status, statusText, headers });
    },
    onResponseData(_controller, chunk) {
      if (response.isOver()) return;
      const readByNow = connection.socket!.bytesRead;
      observer.body(chunk.length, readByNow !== bytesRead);
      bytesRead = readByNow;
      response.body()!.feed(chunk);
    },
    onResponseEnd() {
      // undici's error for a reset depends on how the body ends; the socket has the real error.
      const error = socketError();
      if (error) breakOff(error);
      else response.end();
    },
    onResponseError: (_controller, error) => breakOff(socketError() ?? error),
  };
}

function failureOf(error: Error, hadHeaders: boolean, head: string): Failure {
  const fault = hadHeaders ? undefined : faultIn(error, head);
  return fault ?? [failureCause(error, hadHeaders), failureMessage(error)];
}
