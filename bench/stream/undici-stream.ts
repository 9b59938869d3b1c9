/** A stream that undici reads. */
import type { Dispatcher } from 'undici';
import { faultIn, faultOfAnswer, type Failure } from './answer.ts';
import { createAnswered, type Answered } from './answered.ts';
import { openConnection, type Connection } from './connection.ts';
import { failureCause, failureMessage } from './failure.ts';
import type { HopObserver } from './follow-redirects.ts';
import type { OpenStream } from './observer.ts';
import type { StreamRequest } from './stream-request.ts';

/** Opens one request on its own connection. */
export function openWithUndici(request: StreamRequest, observer: HopObserver): OpenStream {
  const answered = createAnswered(request, observer, () => connection.drop());
  const connection = openConnection(request, answered.isOver, (message) =>
    answered.fail('headers too long', message),
  );
  const { url, method, headers, body } = request;
  connection.client.dispatch(
    { path: url.pathname + url.search, method: method as Dispatcher.HttpMethod, headers, body },
    responseHandler(connection, answered, observer),
  );
  const { flow } = answered;
  return {
    pause: flow.pause,
    resume: flow.resume,
    isBehind: () => answered.body()?.isBehind() ?? false,
    strayBytes: () => answered.body()?.strayBytes(),
    close(closeMethod, left = () => {}) {
      if (!answered.leave()) return left();
      if (closeMethod === 'half-close') flow.readOn(); // also if the stream was paused
      connection.close(closeMethod, left);
    },
  };
}

/** Passes the response on to the observer, as undici parses it. */
function responseHandler(
  connection: Connection,
  answered: Answered,
  observer: HopObserver,
): Dispatcher.DispatchHandler {
  let isCompressed = false;
  let bytesRead = 0;
  const head = () => connection.reads?.head() ?? '';
  const breakOff = (error: Error) =>
    answered.breakOff(() => failureOf(error, answered.hadHeaders(), head()));

  return {
    onRequestStart() {}, // undici requires it
    onResponseStart(controller, status, headers, statusText = '') {
      if (answered.isOver()) return;
      answered.flow.begin(controller);
      const fault = faultOfAnswer(status, head());
      if (fault) return answered.fail(...fault);
      if (status < 200) {
        connection.reads?.interim();
        return answered.interim({ status, statusText });
      }
      connection.reads?.body();
      isCompressed = answered.begin({ status, statusText, headers }) !== undefined;
    },
    onResponseData(_controller, chunk) {
      if (answered.isOver()) return;
      const readByNow = connection.socket!.bytesRead;
      observer.body(chunk.length, readByNow !== bytesRead);
      bytesRead = readByNow;
      if (isCompressed) connection.reads!.keep(); // another thread decodes it
      answered.body()!.feed(chunk);
    },
    onResponseEnd() {
      // undici's error for a reset depends on how the body ends; the socket has the real error.
      const error = connection.socket?.errored;
      if (error) breakOff(error);
      else answered.end();
    },
    onResponseError: (_controller, error) => breakOff(connection.socket?.errored ?? error),
  };
}

function failureOf(error: Error, hadHeaders: boolean, head: string): Failure {
  const fault = hadHeaders ? undefined : faultIn(error, head);
  return fault ?? [failureCause(error, hadHeaders), failureMessage(error)];
}
