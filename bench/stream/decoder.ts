/** Decodes the compressed body of one stream as it arrives. */
import type { Transform } from 'node:stream';
import { takeTurn } from './decoding-turns.ts';
import { openDecoder } from './encoding.ts';

const MiB = 2 ** 20;
/** The limit for the windows of all streams of this process together. */
const windowBytesLimit = 1024 * MiB;

let windowBytesOfAll = 0;

/**
 * Each buffer that a decoder fills costs a round trip to its thread, so a few decoders get large
 * ones.
 */
const chunks = { large: 64 * 2 ** 10, small: 4 * 2 ** 10, mostLarge: 100 };
let decodersOpen = 0;

export interface DecoderObserver {
  decoded(bytes: Buffer): void;
  /** Reports whether reading must pause because too many bytes wait for the decoder. */
  busy(isBusy: boolean): void;
  /** Nothing follows it. */
  failed(cause: string, message: string): void;
}

export interface Decoder {
  /** @param bytes the caller must not change them afterwards */
  feed(bytes: Buffer): void;
  /**
   * No more data will come. Calls back once everything received is decoded.
   *
   * @param isWhole whether the data should be complete
   */
  end(isWhole: boolean, callback: () => void): void;
  /** Whether received bytes are not decoded yet, or were not when the decoder was closed. */
  isBehind(): boolean;
  close(): void;
}

export const inBytes = (bytes: number) => `${bytes.toLocaleString('en-US')} bytes`;

/** Reading pauses when more bytes than this wait for the decoder. */
const mostWaitingBytes = 64 * 2 ** 10;

/**
 * Decodes one stream with node:zlib, in another thread. That adds about 0.1 ms to each read of a
 * socket. Bytes of one read are decoded together. A busy decoder gets no more bytes, so that what
 * it expands from a few bytes never exceeds its buffer.
 */
export function createDecoder(encoding: string, observer: DecoderObserver): Decoder {
  let transform: Transform | undefined;
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  let fedBytes = 0;
  let mostWindowBytes = 0;
  let windowBytes = 0;
  let isDecoding = false;
  let endTurn = () => {};
  let isOver = false;
  let atEnd: (() => void) | undefined;

  function fail(cause: string, message: string) {
    if (isOver) return;
    close();
    observer.failed(cause, `${encoding}: ${message}`);
  }
  function close() {
    if (transform && !isOver) decodersOpen--;
    isOver = true;
    waiting = [];
    windowBytesOfAll -= windowBytes;
    windowBytes = mostWindowBytes = 0;
    transform?.destroy();
  }

  /**
   * Counts what the window retains of these bytes. @returns whether all windows exceed the limit
   */
  function fillWindow(bytes: number): boolean {
    const more = Math.min(bytes, mostWindowBytes - windowBytes);
    windowBytes += more;
    windowBytesOfAll += more;
    return more > 0 && windowBytesOfAll > windowBytesLimit;
  }

  function open(firstByte: number): Transform {
    const chunkSize = decodersOpen++ < chunks.mostLarge ? chunks.large : chunks.small;
    const { transform: opened, windowBytes: most } = openDecoder(encoding, firstByte, chunkSize);
    mostWindowBytes = most;
    opened.on('data', (bytes: Buffer) => {
      if (isOver) return;
      if (!fillWindow(bytes.length)) return observer.decoded(bytes);
      fail(
        'decompression takes too much memory',
        `over ${windowBytesLimit / MiB} MiB in all streams of a generator together`,
      );
    });
    opened.on('error', ({ message, code }: NodeJS.ErrnoException) => {
      endTurn();
      const isShort = code === 'Z_BUF_ERROR';
      if (isShort) fail('compressed data cut short', `no end after ${inBytes(fedBytes)}`);
      else fail('corrupt compressed data', message);
    });
    opened.on('end', () => {
      const more = fedBytes - (opened as Transform & { bytesWritten: number }).bytesWritten;
      if (more > 0) fail('corrupt compressed data', `${inBytes(more)} after its end`);
      else if (!isOver) atEnd?.();
    });
    return opened;
  }

  function decode() {
    if (isOver || isDecoding || waiting.length === 0) return;
    isDecoding = true;
    transform ??= open(waiting[0]![0]!);
    takeTurn(mostWindowBytes - windowBytes, decodeNow);
  }

  function decodeNow(end: () => void) {
    if (isOver) return end();
    // An error may end the turn, or the end of the write, or both.
    endTurn = () => {
      endTurn = () => {};
      end();
    };
    const bytes = waiting.length === 1 ? waiting[0]! : Buffer.concat(waiting);
    waiting = [];
    waitingBytes = 0;
    fedBytes += bytes.length;
    transform!.write(bytes, decoded);
  }

  function decoded(error?: Error | null) {
    isDecoding = false;
    endTurn();
    if (isOver || error) return;
    if (waiting.length > 0) return decode();
    observer.busy(false);
    atEnd?.();
  }

  return {
    feed(bytes) {
      if (isOver || bytes.length === 0) return;
      waiting.push(bytes);
      waitingBytes += bytes.length;
      if (waiting.length === 1) queueMicrotask(decode);
      if (waitingBytes > mostWaitingBytes) observer.busy(true);
    },
    end(isWhole, callback) {
      const finish = () => {
        // Wait until the observer has received all decoded bytes.
        if (!isWhole || transform === undefined) return void setImmediate(callback);
        atEnd = callback;
        transform.end();
      };
      atEnd = finish;
      if (!isDecoding && waiting.length === 0) finish();
    },
    isBehind: () => isDecoding || waitingBytes > 0,
    close,
  };
}
