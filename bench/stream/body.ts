/**
 * The body of one response: takes bytes, decodes them if they are compressed, and returns events.
 */
import { createDecoder, inBytes } from './decoder.ts';
import { createEventReader, type EventObserver, type EventReader } from './events.ts';

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

export const readBody = (
  encoding: string | undefined,
  observer: BodyObserver,
  control: BodyControl,
): Body =>
  encoding === undefined
    ? new PlainBody(observer, control)
    : readCompressed(encoding, observer, control);

/** A class, since closures of each stream would take as much memory as its socket. */
class PlainBody implements Body {
  private readonly control: BodyControl;
  private readonly reader: EventReader;

  constructor(observer: BodyObserver, control: BodyControl) {
    this.control = control;
    this.reader = createEventReader(observer, this);
  }
  feed(bytes: Buffer, from = 0, to = bytes.length): void {
    this.reader.feed(bytes, from, to);
  }
  end(_isWhole: boolean, callback: () => void): void {
    callback();
  }
  close(): void {
    this.reader.close();
  }
  isBehind(): boolean {
    return false;
  }
  strayBytes(): string | undefined {
    return strayBytesOf(this.reader);
  }
  tooLong(message: string): void {
    this.control.failed('event too long', message);
  }
}

function strayBytesOf(reader: EventReader): string | undefined {
  const bytes = reader.strayBytes();
  return bytes > 0 ? `${inBytes(bytes)} without a whole event` : undefined;
}

function readCompressed(encoding: string, observer: BodyObserver, control: BodyControl): Body {
  let sentBytes = 0;
  let decodedBytes = 0;

  const reader = createEventReader(observer, {
    tooLong(message) {
      const isBomb = decodedBytes > bombRatio * sentBytes;
      const sizes = `${inBytes(decodedBytes)} from ${inBytes(sentBytes)} of ${encoding}`;
      control.failed(isBomb ? 'decompression bomb' : 'event too long', `${message}: ${sizes}`);
    },
  });
  const decoder = createDecoder(encoding, {
    decoded(bytes) {
      decodedBytes += bytes.length;
      observer.decoded?.(bytes.length);
      reader.feed(bytes);
    },
    busy: (isBusy) => control.busy(isBusy),
    failed: (cause, message) => control.failed(cause, message),
  });

  return {
    feed(bytes, from = 0, to = bytes.length) {
      sentBytes += to - from;
      decoder.feed(Buffer.from(bytes.subarray(from, to))); // another thread decodes it
    },
    end: (isWhole, callback) => decoder.end(isWhole, callback),
    close() {
      reader.close();
      decoder.close();
    },
    isBehind: () => decoder.isBehind(),
    strayBytes() {
      // The missing events may be among the bytes that are not decoded yet.
      if (decoder.isBehind()) return undefined;
      if (sentBytes > 0 && decodedBytes === 0) {
        return `${inBytes(sentBytes)} of ${encoding} that decode to nothing; the server may not flush after each event`;
      }
      return strayBytesOf(reader);
    },
  };
}
