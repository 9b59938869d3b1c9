/** A client that stops reading once its stream is open, or reads slowly. */
import type { Recorder } from '../measure/recorder.ts';
import type { OpenStream, StreamObserver } from '../stream/stream.ts';

const sipEachMs = 100;

/**
 * @param stream the stream to read, once it is open
 * @param bytesPerSecond on average; 0 reads nothing. One read brings up to 64 KiB, and then the
 * reader waits.
 */
export function slowReader(
  stream: () => OpenStream | undefined,
  bytesPerSecond: number,
  recorder: Recorder,
): StreamObserver {
  let hasOpened = false;
  let allowedBytes = 0;
  let sips: NodeJS.Timeout | undefined;

  function sip() {
    allowedBytes = Math.min(bytesPerSecond, allowedBytes + (bytesPerSecond * sipEachMs) / 1_000);
    if (allowedBytes > 0) stream()?.resume();
  }
  function gone(cause: string, message: string) {
    clearInterval(sips);
    // A server may give up a slow reader. The server's side shows that better.
    if (!hasOpened) recorder.failed(`${cause} (slow reader)`, message);
  }
  return {
    secured: recorder.secured,
    headers() {
      hasOpened = true;
      recorder.slowOpened();
      stream()?.pause();
      if (bytesPerSecond > 0) sips = setInterval(sip, sipEachMs);
    },
    body(bytes) {
      allowedBytes -= bytes;
      if (allowedBytes <= 0) stream()?.pause();
    },
    event() {},
    comment() {},
    ended: () => gone('ended by the server', ''),
    failed: gone,
  };
}
