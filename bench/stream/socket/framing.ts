/**
 * Finds the bytes of a body in the bytes of a connection (RFC 9112, sections 6 and 7): chunks, a
 * given length, or everything until the connection closes. Pure.
 */
import type { ResponseHead } from '../stream-response.ts';
import { headerLine, isBrokenEnd } from './response-head.ts';

/** The failure of a body whose bytes cannot be found. */
export interface FramingFault {
  cause: string;
  message: string;
}

export interface Framing {
  /** Takes bytes of the connection, and passes on those of the body. */
  feed(bytes: Buffer, from: number, to: number): void;
  /** Whether the body has ended. */
  isOver(): boolean;
  fault(): FramingFault | undefined;
  /** Why the body is not whole if the connection closes now; `undefined` if it is. */
  missing(): FramingFault | undefined;
}

/** Called with a piece of the body, which is valid until the call returns. */
type Piece = (bytes: Buffer, from: number, to: number) => void;

/** How a body ends. */
type Kind = { kind: 'chunks' } | { kind: 'length'; bytes: number } | { kind: 'close' };

/** @param piece receives the body of the response with these headers */
export function framingOf({ headers }: Pick<ResponseHead, 'headers'>, piece: Piece): Framing {
  const kind = kindOf(headers);
  if (kind.kind === 'chunks') return readChunks(piece);
  return kind.kind === 'length' ? readLength(kind.bytes, piece) : readUntilClose(piece);
}

function kindOf(headers: ResponseHead['headers']): Kind {
  const coding = [headers['transfer-encoding'] ?? []].flat().join(',');
  if (/(^|,)\s*chunked\s*$/i.test(coding)) return { kind: 'chunks' };
  const length = headers['content-length'];
  return coding !== '' || length === undefined
    ? { kind: 'close' }
    : { kind: 'length', bytes: Number(length) };
}

function readUntilClose(piece: Piece): Framing {
  return { feed: piece, isOver: () => false, fault: () => undefined, missing: () => undefined };
}

function readLength(bytes: number, piece: Piece): Framing {
  let left = bytes;
  return {
    feed(some, from, to) {
      const end = Math.min(to, from + left);
      left -= end - from;
      if (end > from) piece(some, from, end);
    },
    isOver: () => left === 0,
    fault: () => undefined,
    missing: () =>
      left === 0
        ? undefined
        : {
            cause: 'closed by the server in mid-stream',
            message: `${bytes - left} bytes; this does not match content-length: ${bytes}`,
          },
  };
}

/** Where we are among the chunks. */
const inSize = 0;
const inExtension = 1;
const inData = 2;
const afterData = 3;
const inTrailer = 4;
const over = 5;
const broken = 6;

/** The limit for the extensions of one chunk, and for all trailers. */
const mostExtraBytes = 16 * 2 ** 10;
/** A size with more digits cannot be counted exactly. */
const mostDigits = 13;

/** Names with or without a value, which is a token or quoted (RFC 9112, section 7.1.1). */
const extensions =
  /^(;[!#$%&'*+.^_`|~\w-]*(=([!#$%&'*+.^_`|~\w-]+|"([\t\x20-\x21\x23-\x5b\x5d-\x7e\x80-\xff]|\\[\t\x20-\x7e\x80-\xff])*"))?)*$/;

const CR = 13;
const LF = 10;
const semicolon = 59;

function readChunks(piece: Piece): Framing {
  let place = inSize;
  let digits = 0;
  /** The size of the chunk as far as it was read, and then what is left of the chunk. */
  let left = 0;
  /** Bytes of this extension, or of all trailers, and the text of the line so far. */
  let extraBytes = 0;
  let line = '';
  let wasCR = false;
  let fault: FramingFault | undefined;
  function refuse(message: string) {
    place = broken;
    fault = { cause: 'not HTTP', message };
  }

  function endSize() {
    if (digits === 0) return refuse('Invalid character in chunk size');
    place = left === 0 ? inTrailer : inData;
    digits = extraBytes = 0;
  }
  /** @returns whether CR and LF have ended the line; any other byte is a fault */
  function endsLine(byte: number, otherwise: string): boolean {
    const isEnd = wasCR && byte === LF;
    if (!isEnd && (wasCR || byte !== CR)) refuse(otherwise);
    wasCR = !isEnd;
    return isEnd;
  }
  function takeSize(byte: number) {
    const digit = wasCR ? -1 : hexDigit(byte);
    if (digit >= 0 && digits < mostDigits) {
      left = 16 * left + digit;
      digits++;
    } else if (byte === semicolon && digits > 0 && !wasCR) {
      place = inExtension;
      line = ';';
    } else if (endsLine(byte, 'Invalid character in chunk size')) endSize();
  }
  function takeExtra(byte: number) {
    line += String.fromCharCode(byte);
    if (++extraBytes > mostExtraBytes)
      return refuse(`more than ${mostExtraBytes / 1024} KiB of chunk extensions or trailers`);
    if (isBrokenEnd(line.slice(-2))) return refuse('Invalid end of line');
    if (!line.endsWith('\r\n')) return;
    const text = line.slice(0, -2);
    line = '';
    if (place === inExtension && extensions.test(text)) endSize();
    else if (place === inExtension) refuse('Invalid chunk extension');
    else if (text === '') place = over;
    else if (!headerLine.test(text)) refuse('Invalid trailer');
  }
  function takeByte(byte: number) {
    if (place === inSize) takeSize(byte);
    else if (place !== afterData) takeExtra(byte);
    else if (endsLine(byte, 'Expected CR LF after chunk data')) {
      place = inSize;
      left = 0;
    }
  }

  /**
   * Takes the end of a chunk and the size of the next one, if they are whole, without extension.
   * Nearly all are.
   *
   * @returns where the data begins; `from` if they are not
   */
  function takeWholeSize(bytes: Buffer, from: number, to: number): number {
    let at = from;
    if (place === afterData) {
      if (bytes[at] !== CR || bytes[at + 1] !== LF) return from;
      at += 2;
    }
    const digitsAt = at;
    let bytesLeft = 0;
    for (let digit = 0; at - digitsAt <= mostDigits; at++) {
      digit = hexDigit(bytes[at]!);
      if (digit < 0) break;
      bytesLeft = 16 * bytesLeft + digit;
    }
    const isWhole = bytes[at] === CR && bytes[at + 1] === LF && at + 2 <= to;
    if (!isWhole || bytesLeft === 0 || at - digitsAt > mostDigits) return from;
    left = bytesLeft;
    place = inData;
    return at + 2;
  }

  return {
    feed(bytes, from, to) {
      for (let at = from; at < to && place < over;) {
        if (!wasCR && (place === afterData || (place === inSize && digits === 0)))
          at = takeWholeSize(bytes, at, to);
        if (place !== inData) {
          takeByte(bytes[at++]!);
          continue;
        }
        if (at === to) return;
        const end = Math.min(to, at + left);
        left -= end - at;
        if (left === 0) place = afterData;
        piece(bytes, at, end);
        at = end;
      }
    },
    isOver: () => place === over,
    fault: () => fault,
    missing: () =>
      place === over
        ? undefined
        : { cause: 'closed by the server in mid-stream', message: 'the last chunk is missing' },
  };
}

/** @returns the value of a hexadecimal digit; -1 for any other byte */
function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const lower = byte | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}
