/**
 * The body of one response: takes bytes, decodes them if they are compressed, and returns events.
 */
import { createDecoder, inBytes, type Decoder } from './decoder.ts';
import { createEventReader, type EventObserver } from './events.ts';

export interface BodyObserver extends Omit<EventObserver, 'tooLong'> {
  /** Reports that this many bytes of a compressed body were decoded. */
  decoded?(bytes: number): void;
}

export interface BodyControl {
  /** Reports whether reading must pause because too many bytes wait for the decoder. */
  busy(isBusy: boolean): void;
  /** Nothing follows it. */
  failed(cause: string, message: string): void;
}

export interface Body {
  /** Takes bytes that are valid until the call returns. */
  feed(bytes: Buffer, from?: number, to?: number): void;
  /** See `Decoder.end`. */
  end(isWhole: boolean, callback: () => void): void;
  /** No more data will come. Reports the comments of an unfinished event. */
  close(): void;
  /** Whether received bytes are not decoded yet, or were not when the body was closed. */
  isBehind(): boolean;
  /** Describes the received bytes if they were parts of events and no event was whole. */
  strayBytes(): string | undefined;
}

/**
 * A compressed event without end is a bomb if it is more than this many times longer than its
 * compressed bytes.
 */
const bombRatio = 10;

export function readBody(
  encoding: string | undefined,
  observer: BodyObserver,
  { busy, failed }: BodyControl,
): Body {
  let sentBytes = 0;
  let decodedBytes = 0;

  const reader = createEventReader({
    ...observer,
    tooLong(message) {
      if (encoding === undefined) return failed('event too long', message);
      const isBomb = decodedBytes > bombRatio * sentBytes;
      const sizes = `${inBytes(decodedBytes)} from ${inBytes(sentBytes)} of ${encoding}`;
      failed(isBomb ? 'decompression bomb' : 'event too long', `${message}: ${sizes}`);
    },
  });

  function decoded(bytes: Buffer) {
    decodedBytes += bytes.length;
    observer.decoded?.(bytes.length);
    reader.feed(bytes);
  }
  const decoder: Decoder | undefined =
    encoding === undefined ? undefined : createDecoder(encoding, { decoded, busy, failed });

  return {
    feed(bytes, from = 0, to = bytes.length) {
      sentBytes += to - from;
      if (decoder) decoder.feed(Buffer.from(bytes.subarray(from, to))); // another thread decodes it
      else reader.feed(bytes, from, to);
    },
    end(isWhole, callback) {
      if (decoder) decoder.end(isWhole, callback);
      else callback();
    },
    close() {
      reader.close();
      decoder?.close();
    },
    isBehind: () => decoder?.isBehind() ?? false,
    strayBytes() {
      // The missing events may be among the bytes that are not decoded yet.
      if (decoder?.isBehind()) return undefined;
      if (decoder && sentBytes > 0 && decodedBytes === 0) {
        return `${inBytes(sentBytes)} of ${encoding} that decode to nothing; the server may not flush after each event`;
      }
      const bytes = reader.strayBytes();
      return bytes > 0 ? `${inBytes(bytes)} without a whole event` : undefined;
    },
  };
}
