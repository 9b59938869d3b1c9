/** Records the events of a stream: one observer for each cohort. */
import type { Clock } from '../system/clock.ts';
import { endedByServer } from '../measure/reconnects.ts';
import type { Recorder } from '../measure/recorder.ts';
import type { Accounts, Outcome } from './accounts.ts';
import type { Cohort } from './arrival.ts';
import type { Reconnecting } from './reconnecting.ts';
import { slowReader } from './slow-reader.ts';
import type { OpenStream, StreamObserver } from '../stream/stream.ts';

export interface ObserverOptions {
  /** Takes a stream that is over too early. @returns whether it reconnects, so that it is not over */
  lose(stream: number, cause: string, message: string): boolean;
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
    secured: recorder.secured,
    ended: () => failed('ended by the server', ''),
    headers() {},
    body() {},
    event,
    comment() {},
  };
}

export function observersOf({
  lose,
  recorder,
  accounts,
  clock,
  slowBytesPerSecond,
  streamAt,
  reconnecting,
}: ObserverOptions): Record<Cohort, (stream: number) => StreamObserver> {
  function measured(stream: number): StreamObserver {
    let atNs = 0; // all events of one read arrived together
    let encoding: string | undefined;
    function over(outcome: Outcome) {
      recorder.over(stream, clock.nowNs());
      accounts.settle(stream, outcome);
    }
    return {
      ended() {
        if (!lose(stream, endedByServer, '')) over('ended');
      },
      failed(cause, message) {
        if (!lose(stream, cause, message)) over([cause, message]);
      },
      secured: recorder.secured,
      headers(compressedIn) {
        atNs = clock.nowNs();
        accounts.headers(stream, atNs);
        encoding = compressedIn;
        if (encoding !== undefined) recorder.encodings.response(encoding);
        recorder.headers(stream, atNs);
      },
      body(bytes, newRead) {
        if (newRead) atNs = clock.nowNs();
        accounts.body(stream, atNs);
        recorder.body(stream, bytes, newRead, atNs);
        if (encoding !== undefined) recorder.encodings.sent(encoding, bytes);
      },
      busy: (isBusy) => accounts.busy(stream, isBusy, clock.nowNs()),
      decoded(bytes) {
        accounts.decoded(stream, clock.nowNs());
        if (encoding !== undefined) recorder.encodings.decoded(encoding, bytes);
      },
      event(data, id, name) {
        accounts.event(stream);
        recorder.event(stream, data, atNs, id, name);
      },
      ...(recorder.counted && {
        counted(number, stampNs) {
          accounts.event(stream);
          recorder.counted!(stream, number, stampNs, atNs);
        },
      }),
      ...(reconnecting && {
        id: (id) => {
          reconnecting.idOf(stream, id);
          recorder.reconnects?.id(stream, id);
        },
        retry: (waitMs) => reconnecting.retryOf(stream, waitMs),
      }),
      comment: () => recorder.comment(),
    };
  }
  /** The end of a stream reaches this observer only if the stream does not reconnect. */
  const unlessReconnecting = (stream: number, observer: StreamObserver): StreamObserver => ({
    ...observer,
    ended() {
      if (!lose(stream, endedByServer, '')) observer.ended();
    },
    failed(cause, message) {
      if (!lose(stream, cause, message)) observer.failed(cause, message);
    },
  });
  return {
    paced: measured,
    quiet: (stream) => unlessReconnecting(stream, bystander(recorder, 'quiet stream')),
    remaining: (stream) =>
      unlessReconnecting(
        stream,
        bystander(recorder, 'remaining stream', (data, id, name) =>
          recorder.storm.event(stream, data, clock.nowNs(), id, name),
        ),
      ),
    slow: (stream) =>
      unlessReconnecting(
        stream,
        slowReader(() => streamAt(stream), slowBytesPerSecond, recorder),
      ),
  };
}
