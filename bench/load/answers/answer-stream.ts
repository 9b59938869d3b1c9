/** The stream of one answer: reads it, decides how it ended, and reports when it is over. */
import type { AnswerEnd, AnswerRecorder } from '../../measure/answers/recorder.ts';
import type { RunningAnswer } from '../../measure/answers/running-answer.ts';
import { shownMessage } from '../../stream/shown-message.ts';
import type { StreamRequest } from '../../stream/stream-request.ts';
import type { OpenStream, StreamObserver } from '../../stream/stream.ts';
import type { StreamCloseMethod } from '../../stream/close-socket.ts';
import type { LoadSurroundings } from '../connections.ts';

/** After the end marker, time for the server to end the response before we close it. */
const lingerMs = 1_000;

export interface AnswerStream {
  /**
   * Ends the answer at the end of the measurement.
   *
   * @param method how to disconnect; `null` leaves the socket open until the process ends
   * @param left called when the socket is closed
   */
  cutOff(method: StreamCloseMethod | null, left: () => void): void;
}

export interface AnswerStreamOptions {
  answer: RunningAnswer;
  request: StreamRequest;
  recorder: AnswerRecorder;
  surroundings: LoadSurroundings;
  maxEvents: number | null;
  timeoutMs: number;
  /** When we disconnect, in milliseconds from the start; `null` for not at all. */
  abortAfterMs: number | null;
  /** Whether the format has an end marker. */
  hasMarker: boolean;
  /** How we disconnect before the end. */
  method: StreamCloseMethod;
  /** Called once, when nothing of the stream is left, unless it was cut off. */
  over(hasFailed: boolean): void;
}

export function openAnswer(options: AnswerStreamOptions): AnswerStream {
  const { answer, request, recorder, surroundings, maxEvents, hasMarker } = options;
  const { timeoutMs, abortAfterMs } = options;
  const { clock, open } = surroundings;
  let atNs = 0; // all events of one read arrived together
  let encoding: string | undefined;
  let stream: OpenStream | undefined;
  let end: AnswerEnd | undefined;
  let isOver = false;
  const isAborted = abortAfterMs !== null && abortAfterMs < timeoutMs;
  let timer = isAborted
    ? setTimeout(giveUp, abortAfterMs, 'capped')
    : setTimeout(giveUp, timeoutMs, 'timedOut');

  const isMeasuring = () => clock.nowNs() < recorder.endNs();

  /** The first end counts. After the measurement, an answer can only be cut off. */
  function settle(how: AnswerEnd): void {
    if (end !== undefined) return;
    const nowNs = clock.nowNs();
    end = nowNs < recorder.endNs() ? how : 'stillRunning';
    recorder.over(answer, end, nowNs);
  }
  function finish(): void {
    if (isOver) return;
    isOver = true;
    clearTimeout(timer);
    options.over(typeof end === 'object');
  }
  function leave(how: AnswerEnd): void {
    settle(how);
    stream?.close(options.method);
    finish();
  }
  function giveUp(how: AnswerEnd) {
    if (isMeasuring()) leave(how);
  }
  function completed() {
    settle('completed');
    clearTimeout(timer);
    timer = setTimeout(leave, lingerMs, 'completed');
  }
  const observer: StreamObserver = {
    headers(compressedIn) {
      atNs = clock.nowNs();
      encoding = compressedIn;
      if (encoding !== undefined) recorder.encodings.response(encoding);
      recorder.headers(answer, atNs);
    },
    body(bytes, newRead) {
      if (newRead) atNs = clock.nowNs();
      recorder.body(answer, bytes, newRead, atNs);
      if (encoding !== undefined) recorder.encodings.sent(encoding, bytes);
    },
    decoded(bytes) {
      if (encoding !== undefined) recorder.encodings.decoded(encoding, bytes);
    },
    event(data, id, name) {
      if (end !== undefined || isOver || atNs >= recorder.endNs()) return;
      const verdict = recorder.event(answer, data, id, name, atNs);
      if (verdict === 'end') completed();
      else if (verdict !== undefined) leave(['error event', shownMessage(verdict.error, request)]);
      else if (answer.events === maxEvents) leave('capped');
    },
    comment: () => recorder.comment(),
    ended() {
      const isWhole = answer.events > 0 && !hasMarker;
      settle(isWhole ? 'completed' : 'endedEarly');
      finish();
    },
    failed(cause, message) {
      settle([cause, message]);
      finish();
    },
  };
  const opened = open(request, observer);
  stream = opened;
  // It may have failed at once.
  if (isOver) opened.close(options.method);

  return {
    cutOff(method, left) {
      settle('stillRunning');
      isOver = true;
      clearTimeout(timer);
      if (method === null) left();
      else opened.close(method, left);
    },
  };
}
