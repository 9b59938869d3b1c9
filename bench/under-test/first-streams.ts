/** The first streams of a server of the user: they warm it up, and show whether it serves streams. */
import type { UrlUnderTest } from '../scenario/scenario.ts';
import { failureInWords, type Failure } from '../stream/first-request.ts';
import { openStream, type OpenStream } from '../stream/stream.ts';
import { requestsOf, type StreamRequest } from '../stream/stream-request.ts';

/** As many as for reference servers. */
const streams = 20;
const eventsEach = 3;
const lastsMs = 1_000;

/**
 * Opens one stream, then 19 at once. Each reads up to 3 events, or for 1 s, and disconnects.
 *
 * @param withinMs how long the first stream may take to answer
 * @throws why the first stream failed, for people
 */
export async function openFirstStreams(
  { url, request }: Pick<UrlUnderTest, 'url' | 'request'>,
  withinMs: number,
  signal: AbortSignal,
): Promise<void> {
  const requestOf = requestsOf(url, request);
  const failure = await readSome(requestOf(0), withinMs, signal);
  signal.throwIfAborted();
  if (failure) throw new Error(failureInWords(failure));
  const others = Array.from({ length: streams - 1 }, (_, n) =>
    readSome(requestOf(n + 1), withinMs, signal),
  );
  await Promise.all(others);
}

/** @returns why the stream failed before its headers; `undefined` if it did not */
function readSome(
  request: StreamRequest,
  withinMs: number,
  signal: AbortSignal,
): Promise<Failure | undefined> {
  return new Promise((resolve) => {
    let stream: OpenStream | undefined;
    let events = 0;
    let isAnswered = false;
    let timer = setTimeout(() => {
      const message = `no response for ${withinMs / 1_000} s`;
      end({ cause: 'no answer', message });
    }, withinMs);
    function end(failure?: Failure) {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      if (stream) stream.close('fin', () => resolve(failure));
      else resolve(failure);
    }
    const stop = () => end();
    signal.addEventListener('abort', stop);
    if (signal.aborted) return stop();
    stream = openStream(request, {
      headers() {
        isAnswered = true;
        clearTimeout(timer);
        timer = setTimeout(end, lastsMs);
      },
      body() {},
      event: () => void (++events === eventsEach && end()),
      comment() {},
      ended() {
        stream = undefined; // it is closed already
        end();
      },
      failed(cause, message) {
        stream = undefined;
        end(isAnswered ? undefined : { cause, message });
      },
    });
  });
}
