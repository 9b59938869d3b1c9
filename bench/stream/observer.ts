/** An open stream, and the observer of its events. */
import type { BodyObserver } from './body.ts';
import type { StreamCloseMethod } from './close-socket.ts';

/**
 * The events of a stream, in this order. `ended` and `failed` are final, and nothing follows
 * `close()`.
 */
export interface StreamObserver extends BodyObserver {
  /** The connection is encrypted. @param isResumed whether it resumed an earlier TLS session */
  secured?(isResumed: boolean): void;
  /** The response is an event stream. @param encoding of its body, if it is compressed */
  headers(encoding?: string): void;
  /**
   * This many bytes of the body arrived, as they were sent. Their events follow at once. In a
   * compressed stream they follow after decoding, about 0.1 ms later.
   *
   * @param newRead whether they are the first bytes from one read of the socket
   */
  body(bytes: number, newRead: boolean): void;
  /**
   * We stop reading because bytes wait for the decoder, or we resume. Silence in between is our
   * own.
   */
  busy?(isBusy: boolean): void;
  /** The server ended the response. */
  ended(): void;
  failed(cause: string, message: string): void;
}

export interface OpenStream {
  /**
   * Disconnects: like a page that is closed (`fin`), with a FIN but still reading (`half-close`),
   * or abruptly (`reset`). A connection that is still being established is closed as soon as it
   * exists.
   *
   * @param left called after the system call that closes the socket
   */
  close(method: StreamCloseMethod, left?: () => void): void;
  /**
   * Stops reading until `resume`. The data fills the buffers on the way, and then waits in the
   * server.
   */
  pause(): void;
  resume(): void;
  /** Whether received bytes are not decoded yet, or were not when the stream was closed. */
  isBehind(): boolean;
  /** Describes the received bytes if they were parts of events and no event was whole. */
  strayBytes(): string | undefined;
}
