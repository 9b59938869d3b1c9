/** Records the events of a stream: one observer for each cohort. */
import type { Clock } from '../system/clock.ts';
import type { Recorder } from '../measure/recorder.ts';
import type { Accounts } from './accounts.ts';
import type { Cohort } from './arrival.ts';
import type { Reconnecting } from './reconnecting.ts';
import { slowReader } from './slow-reader.ts';
import type { OpenStream, StreamObserver } from '../stream/stream.ts';

export interface ObserverOptions {
  recorder: Recorder;
  accounts: Accounts;
  clock: Clock;
  slowBytesPerSecond: number;
  /** The stream, once it is open. */
  streamAt(stream: number): OpenStream | undefined;
  /** Takes what a stream needs to reconnect. `undefined` if streams do not reconnect. */
  reconnecting: Pick<Reconnecting, 'idOf' | 'retryOf'> | undefined;
}

/** Observer for helper streams: records failures only. */
function bystander(
  recorder: Recorder,
  what: string,
  event: StreamObserver['event'] = () => {},
): StreamObserver {
  const failed = (cause: string, message: string) => recorder.failed(`${cause} (${what})`, message);
  return {
    failed,
    ended: () => failed('ended by the server', ''),
    headers() {},
    body() {},
    event,
    comment() {},
  };
}

export function observersOf({
  recorder,
  accounts,
  clock,
  slowBytesPerSecond,
  streamAt,
  reconnecting,
}: ObserverOptions): Record<Cohort, (stream: number) => StreamObserver> {
  function measured(stream: number): StreamObserver {
    let atNs = 0; // all events in one piece of a body arrived together
    let encoding: string | undefined;
    return {
      ended: () => accounts.settle(stream, 'ended'),
      failed: (cause, message) => accounts.settle(stream, [cause, message]),
      headers(compressedIn) {
        atNs = clock.nowNs();
        accounts.headers(stream, atNs);
        encoding = compressedIn;
        if (encoding !== undefined) recorder.encodings.response(encoding);
        recorder.headers(stream, atNs);
      },
      body(bytes, newRead) {
        atNs = clock.nowNs();
        accounts.body(stream, atNs);
        recorder.body(stream, bytes, newRead, atNs);
        if (encoding !== undefined) recorder.encodings.sent(encoding, bytes);
      },
      busy: (isBusy) => accounts.busy(stream, isBusy, clock.nowNs()),
      decoded(bytes) {
        accounts.decoded(stream, clock.nowNs());
        if (encoding !== undefined) recorder.encodings.decoded(encoding, bytes);
      },
      event(data) {
        accounts.event(stream);
        recorder.event(stream, data, atNs);
      },
      ...(reconnecting && {
        id: (id) => reconnecting.idOf(stream, id),
        retry: (waitMs) => reconnecting.retryOf(stream, waitMs),
      }),
      comment: () => recorder.comment(),
    };
  }
  return {
    paced: measured,
    quiet: () => bystander(recorder, 'quiet stream'),
    remaining: (stream) =>
      bystander(recorder, 'remaining stream', (data) =>
        recorder.storm.event(stream, data, clock.nowNs()),
      ),
    slow: (stream) => slowReader(() => streamAt(stream), slowBytesPerSecond, recorder),
  };
}
