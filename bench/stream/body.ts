/** The body of one response: bytes in, decoded where they are compressed, events out. */
import { createDecoder, inBytes, type Decoder } from './decoder.ts';
import { createEventReader, type EventObserver } from './events.ts';

export interface BodyObserver extends Omit<EventObserver, 'tooLong'> {
  /** This many bytes were decoded of a compressed body. */
  decoded?(bytes: number): void;
}

export interface BodyControl {
  /** Whether so much waits to be decoded that no more should be read. */
  busy(isBusy: boolean): void;
  /** Final. */
  failed(cause: string, message: string): void;
}

export interface Body {
  feed(bytes: Buffer): void;
  /** See `Decoder.end`. */
  end(isWhole: boolean, callback: () => void): void;
  /** No more will come. Comments in an unfinished event are told now. */
  close(): void;
  /** Whether bytes came that are not decoded yet, or were not when it was closed. */
  isBehind(): boolean;
  /** How many bytes came, in words, if they were of events and none of these was whole. */
  strayBytes(): string | undefined;
}

/** A compressed event without end is a bomb if it came out of less than this part of its bytes. */
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
      const sizes = `${inBytes(decodedBytes)} out of ${inBytes(sentBytes)} of ${encoding}`;
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
    feed(bytes) {
      sentBytes += bytes.length;
      if (decoder) decoder.feed(bytes);
      else reader.feed(bytes);
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
      // The events may be in what is not decoded yet.
      if (decoder?.isBehind()) return undefined;
      if (decoder && sentBytes > 0 && decodedBytes === 0) {
        return `${inBytes(sentBytes)} of ${encoding}, and nothing to decode from them: the server may not flush after each event`;
      }
      const bytes = reader.strayBytes();
      return bytes > 0 ? `${inBytes(bytes)}, and no whole event in them` : undefined;
    },
  };
}
