/** Content encodings: which one a response has, and its body decoded as it comes. */
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from 'node:zlib';
import type { Transform } from 'node:stream';

/** A decoder has a buffer of this size for what it decodes: ten thousand streams have ten thousand of them. */
const chunkSize = 4 * 2 ** 10;
const MiB = 2 ** 20;
/** RFC 9659 allows no larger window over HTTP: 8 MiB. */
const largestZstdWindow = 23;
const params = { [constants.ZSTD_d_windowLogMax]: largestZstdWindow };
/** What the windows of all streams of this process may take together. */
const windowBytesLimit = 1024 * MiB;

let windowBytesOfAll = 0;

/** Servers call raw deflate data by this name too; zlib's begins with its method in the lower half of the first byte. */
const isZlib = (first: number) => (first & 0x0f) === 8;

const decoders: Readonly<Record<string, (firstByte: number) => Transform>> = {
  gzip: () => createGunzip({ chunkSize }),
  deflate: (firstByte) =>
    isZlib(firstByte) ? createInflate({ chunkSize }) : createInflateRaw({ chunkSize }),
  br: () => createBrotliDecompress({ chunkSize }),
  zstd: () => createZstdDecompress({ chunkSize, params }),
};
/** How much of what it decoded a decoder keeps, to copy from. That of gzip and deflate is small. */
const windowOf: Readonly<Record<string, (firstByte: number) => number>> = {
  br: brotliWindow,
  zstd: () => 2 ** largestZstdWindow,
};

/** RFC 7932, section 9.1. */
function brotliWindow(firstByte: number): number {
  if ((firstByte & 1) === 0) return 2 ** 16;
  const large = (firstByte >> 1) & 7;
  if (large > 0) return 2 ** (17 + large);
  const small = (firstByte >> 4) & 7;
  return 2 ** (small > 1 ? 8 + small : 17);
}

const aliases: ReadonlyMap<string, string> = new Map([['x-gzip', 'gzip']]);
/** `none` is no encoding of any standard, but servers say it. */
const noEncoding = new Set(['', 'identity', 'none']);

/** The encodings in a header, in the order in which they were applied; none where it says that there is none. */
export function encodingsOf(header: string | string[] | undefined): string[] {
  const names = String(header ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase());
  return names.filter((name) => !noEncoding.has(name)).map((name) => aliases.get(name) ?? name);
}

/** @returns the one encoding of a body, if it has one that can be decoded */
export const compressionOf = ([encoding, ...others]: readonly string[]): string | undefined =>
  encoding !== undefined && others.length === 0 && Object.hasOwn(decoders, encoding)
    ? encoding
    : undefined;

export interface DecoderObserver {
  decoded(bytes: Buffer): void;
  /** So much waits to be decoded that no more should be read, or no longer. */
  busy(isBusy: boolean): void;
  /** Final. */
  failed(cause: string, message: string): void;
}

export interface Decoder {
  feed(bytes: Buffer): void;
  /**
   * No more will come. Calls back once everything that came is decoded.
   *
   * @param isWhole whether the data should be complete
   */
  end(isWhole: boolean, callback: () => void): void;
  close(): void;
}

/** What may wait to be decoded before reading stops. */
const mostWaitingBytes = 64 * 2 ** 10;

/**
 * Decodes what one stream brings. The work is done in threads of libuv, which takes some tenths of a millisecond; what
 * one read of a socket brought is decoded together. A decoder that has work to do is given no more, so that what it
 * makes of little is bounded by its buffer.
 */
export function createDecoder(encoding: string, observer: DecoderObserver): Decoder {
  let transform: Transform | undefined;
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  let fedBytes = 0;
  let mostWindowBytes = 0;
  let windowBytes = 0;
  let isDecoding = false;
  let isOver = false;
  let atEnd: (() => void) | undefined;

  function fail(cause: string, message: string) {
    if (isOver) return;
    close();
    observer.failed(cause, `${encoding}: ${message}`);
  }
  function close() {
    isOver = true;
    waiting = [];
    windowBytesOfAll -= windowBytes;
    windowBytes = mostWindowBytes = 0;
    transform?.destroy();
  }

  /** Counts what the window keeps of these bytes. @returns whether that is too much */
  function fillWindow(bytes: number): boolean {
    const more = Math.min(bytes, mostWindowBytes - windowBytes);
    windowBytes += more;
    windowBytesOfAll += more;
    return more > 0 && windowBytesOfAll > windowBytesLimit;
  }

  function open(firstByte: number): Transform {
    const opened = decoders[encoding]!(firstByte);
    mostWindowBytes = windowOf[encoding]?.(firstByte) ?? 0;
    opened.on('data', (bytes: Buffer) => {
      if (isOver) return;
      if (fillWindow(bytes.length))
        fail(
          'decompression takes too much memory',
          `windows of over ${windowBytesLimit / MiB} MiB, in all streams of a generator together`,
        );
      else observer.decoded(bytes);
    });
    opened.on('error', ({ message, code }: NodeJS.ErrnoException) => {
      if (code === 'Z_BUF_ERROR')
        fail('compressed data cut short', `no end after ${fedBytes.toLocaleString('en-US')} bytes`);
      else fail('corrupt compressed data', message);
    });
    opened.on('end', () => {
      const more = fedBytes - (opened as Transform & { bytesWritten: number }).bytesWritten;
      if (more > 0)
        fail('corrupt compressed data', `${more.toLocaleString('en-US')} bytes after its end`);
      else if (!isOver) atEnd?.();
    });
    return opened;
  }

  function decode() {
    if (isOver || isDecoding || waiting.length === 0) return;
    const bytes = waiting.length === 1 ? waiting[0]! : Buffer.concat(waiting);
    waiting = [];
    waitingBytes = 0;
    isDecoding = true;
    fedBytes += bytes.length;
    transform ??= open(bytes[0]!);
    transform.write(bytes, decoded);
  }

  function decoded() {
    isDecoding = false;
    if (isOver) return;
    if (waiting.length > 0) return decode();
    observer.busy(false);
    atEnd?.();
  }

  return {
    feed(bytes) {
      if (isOver || bytes.length === 0) return;
      waiting.push(Buffer.from(bytes)); // what was read is freed at the next read
      waitingBytes += bytes.length;
      if (waiting.length === 1) queueMicrotask(decode);
      if (waitingBytes > mostWaitingBytes) observer.busy(true);
    },
    end(isWhole, callback) {
      const finish = () => {
        if (!isWhole || transform === undefined) return void setImmediate(callback); // what is decoded is told before
        atEnd = callback;
        transform.end();
      };
      atEnd = finish;
      if (!isDecoding && waiting.length === 0) finish();
    },
    close,
  };
}
