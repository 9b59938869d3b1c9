/** A stream that follows redirects: one request after another, each on its own connection. */
import { afterRedirect, failureAfter } from './redirect.ts';
import { shownMessage } from './shown-message.ts';
import type { StreamRequest } from './stream-request.ts';
import type { OpenStream, StreamObserver } from './observer.ts';

/** An observer of one request, whose response may be a redirect. */
export interface HopObserver extends StreamObserver {
  /** Final, as `failed`. Without it, a redirect is a failure. */
  redirected?(status: number, location: string | undefined): void;
}

/**
 * Events reach the observer directly, so following redirects costs them nothing.
 *
 * @param openOnce opens one request
 */
export function followRedirects(
  first: StreamRequest,
  observer: StreamObserver,
  openOnce: (request: StreamRequest, observer: HopObserver) => OpenStream,
): OpenStream {
  let current: OpenStream;
  let isPaused = false;

  function open(request: StreamRequest, redirects: number): OpenStream {
    return openOnce(request, {
      ...observer,
      failed(cause, message) {
        const where = failureAfter(redirects, request.url, message);
        observer.failed(cause, shownMessage(where, first));
      },
      redirected(status, location) {
        const next = afterRedirect(request, status, location, redirects + 1);
        if (Array.isArray(next)) return observer.failed(next[0], shownMessage(next[1], first));
        current = open(next, redirects + 1);
        if (isPaused) current.pause();
      },
    });
  }
  current = open(first, 0);
  return {
    close: (method, left) => current.close(method, left),
    pause() {
      isPaused = true;
      current.pause();
    },
    resume() {
      isPaused = false;
      current.resume();
    },
    isBehind: () => current.isBehind(),
    strayBytes: () => current.strayBytes(),
  };
}
