/** Content encodings: which a response has, and what decodes them. */
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from 'node:zlib';
import type { Transform } from 'node:stream';

/** RFC 9659 allows no larger window over HTTP: 8 MiB. */
const largestZstdWindow = 23;
const zstdParams = { [constants.ZSTD_d_windowLogMax]: largestZstdWindow };

/** Servers call raw deflate data `deflate` too. In zlib's, the method is in the first byte's lower half. */
const isZlib = (first: number) => (first & 0x0f) === 8;

type Create = (options: { chunkSize: number }, firstByte: number) => Transform;
const decoders: Readonly<Record<string, Create>> = {
  gzip: createGunzip,
  deflate: (options, firstByte) =>
    isZlib(firstByte) ? createInflate(options) : createInflateRaw(options),
  br: createBrotliDecompress,
  zstd: (options) => createZstdDecompress({ ...options, params: zstdParams }),
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

/** The encodings in a header, in the order in which they were applied; without `identity`. */
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

/**
 * A decoder of an encoding that is known, and how much it keeps of what it decoded.
 *
 * @param chunkSize of the buffer for what it decodes, in bytes
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
