/** Content encodings: recognizes them in a response, and creates their decoders. */
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from 'node:zlib';
import type { Transform } from 'node:stream';

/** RFC 9659 allows windows of at most 8 MiB over HTTP. */
const largestZstdWindow = 23;
const zstdParams = { [constants.ZSTD_d_windowLogMax]: largestZstdWindow };

/**
 * Servers also call raw deflate data `deflate`. zlib data has its method in the low half of the
 * first byte.
 */
const isZlib = (first: number) => (first & 0x0f) === 8;

type Create = (options: { chunkSize: number }, firstByte: number) => Transform;
const decoders: Readonly<Record<string, Create>> = {
  gzip: createGunzip,
  deflate: (options, firstByte) =>
    isZlib(firstByte) ? createInflate(options) : createInflateRaw(options),
  br: createBrotliDecompress,
  zstd: (options) => createZstdDecompress({ ...options, params: zstdParams }),
};
/** How much decoded data a decoder retains to copy from. Small for gzip and deflate. */
const windowOf: Readonly<Record<string, (firstByte: number) => number>> = {
  br: brotliWindow,
  zstd: () => 2 ** largestZstdWindow,
};

/** The window size in the first byte: RFC 7932, section 9.1. */
function brotliWindow(firstByte: number): number {
  if ((firstByte & 1) === 0) return 2 ** 16;
  const large = (firstByte >> 1) & 7;
  if (large > 0) return 2 ** (17 + large);
  const small = (firstByte >> 4) & 7;
  return 2 ** (small > 1 ? 8 + small : 17);
}

const aliases: ReadonlyMap<string, string> = new Map([['x-gzip', 'gzip']]);
/** No standard defines `none`, but servers send it. */
const noEncoding = new Set(['', 'identity', 'none']);

/** The encodings in a header, in the order in which they were applied, without `identity`. */
export function encodingsOf(header: string | string[] | undefined): string[] {
  const names = String(header ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase());
  return names.filter((name) => !noEncoding.has(name)).map((name) => aliases.get(name) ?? name);
}

/** @returns the encoding of a body; `undefined` unless there is exactly one that we can decode */
export const compressionOf = ([encoding, ...others]: readonly string[]): string | undefined =>
  encoding !== undefined && others.length === 0 && Object.hasOwn(decoders, encoding)
    ? encoding
    : undefined;

/**
 * Opens a decoder of a known encoding. `windowBytes` is how much decoded data it retains.
 *
 * @param chunkSize of the buffer for decoded data, in bytes
 */
export function openDecoder(
  encoding: string,
  firstByte: number,
  chunkSize: number,
): { transform: Transform; windowBytes: number } {
  return {
    transform: decoders[encoding]!({ chunkSize }, firstByte),
    windowBytes: windowOf[encoding]?.(firstByte) ?? 0,
  };
}
