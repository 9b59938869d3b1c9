/**
 * Finds the bytes of a body in the bytes of a connection (RFC 9112, sections 6 and 7): chunks, a
 * given length, or everything until the connection closes. Pure.
 */
import type { ResponseHead } from '../stream-response.ts';
import { headerLine } from '../answer.ts';
import { isBrokenEnd } from './response-head.ts';

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

/** Takes pieces of the body, which are valid until the call returns. */
export interface BodyTaker {
  piece(bytes: Buffer, from: number, to: number): void;
}

/** How a body ends. */
type Kind = { kind: 'chunks' } | { kind: 'length'; bytes: number } | { kind: 'close' };

/** @param taker receives the body of the response with these headers */
export function framingOf({ headers }: Pick<ResponseHead, 'headers'>, taker: BodyTaker): Framing {
  const kind = kindOf(headers);
  if (kind.kind === 'chunks') return new Chunks(taker);
  return kind.kind === 'length' ? readLength(kind.bytes, taker) : readUntilClose(taker);
}

function kindOf(headers: ResponseHead['headers']): Kind {
  const coding = [headers['transfer-encoding'] ?? []].flat().join(',');
  if (/(^|,)\s*chunked\s*$/i.test(coding)) return { kind: 'chunks' };
  const length = headers['content-length'];
  return coding !== '' || length === undefined
    ? { kind: 'close' }
    : { kind: 'length', bytes: Number(length) };
}

function readUntilClose(taker: BodyTaker): Framing {
  return {
    feed(bytes, from, to) {
      if (to > from) taker.piece(bytes, from, to);
    },
    isOver: () => false,
    fault: () => undefined,
    missing: () => undefined,
  };
}

function readLength(bytes: number, taker: BodyTaker): Framing {
  let left = bytes;
  return {
    feed(some, from, to) {
      const end = Math.min(to, from + left);
      left -= end - from;
      if (end > from) taker.piece(some, from, end);
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

/** A class, since closures of each stream would take as much memory as its socket. */
class Chunks implements Framing {
  private readonly taker: BodyTaker;
  private place = inSize;
  private digits = 0;
  /** The size of the chunk as far as it was read, and then what is left of the chunk. */
  private left = 0;
  /** Bytes of this extension, or of all trailers, and the text of the line so far. */
  private extraBytes = 0;
  private line = '';
  private wasCR = false;
  private found: FramingFault | undefined = undefined;

  constructor(taker: BodyTaker) {
    this.taker = taker;
  }

  feed(bytes: Buffer, from: number, to: number): void {
    for (let at = from; at < to && this.place < over;) {
      if (!this.wasCR && (this.place === afterData || (this.place === inSize && this.digits === 0)))
        at = this.takeWholeSize(bytes, at, to);
      if (this.place !== inData) {
        this.takeByte(bytes[at++]!);
        continue;
      }
      if (at === to) return;
      const end = Math.min(to, at + this.left);
      this.left -= end - at;
      if (this.left === 0) this.place = afterData;
      this.taker.piece(bytes, at, end);
      at = end;
    }
  }
  isOver(): boolean {
    return this.place === over;
  }
  fault(): FramingFault | undefined {
    return this.found;
  }
  missing(): FramingFault | undefined {
    return this.place === over
      ? undefined
      : { cause: 'closed by the server in mid-stream', message: 'the last chunk is missing' };
  }

  private refuse(message: string): void {
    this.place = broken;
    this.found = { cause: 'not HTTP', message };
  }
  private endSize(): void {
    if (this.digits === 0) return this.refuse('Invalid character in chunk size');
    this.place = this.left === 0 ? inTrailer : inData;
    this.digits = this.extraBytes = 0;
  }
  /** @returns whether CR and LF have ended the line; any other byte is a fault */
  private endsLine(byte: number, otherwise: string): boolean {
    const isEnd = this.wasCR && byte === LF;
    if (!isEnd && (this.wasCR || byte !== CR)) this.refuse(otherwise);
    this.wasCR = !isEnd;
    return isEnd;
  }
  private takeSize(byte: number): void {
    const digit = this.wasCR ? -1 : hexDigit(byte);
    if (digit >= 0 && this.digits < mostDigits) {
      this.left = 16 * this.left + digit;
      this.digits++;
    } else if (byte === semicolon && this.digits > 0 && !this.wasCR) {
      this.place = inExtension;
      this.line = ';';
    } else if (this.endsLine(byte, 'Invalid character in chunk size')) this.endSize();
  }
  private takeExtra(byte: number): void {
    this.line += String.fromCharCode(byte);
    if (++this.extraBytes > mostExtraBytes)
      return this.refuse(`more than ${mostExtraBytes / 1024} KiB of chunk extensions or trailers`);
    if (isBrokenEnd(this.line.slice(-2))) return this.refuse('Invalid end of line');
    if (!this.line.endsWith('\r\n')) return;
    const text = this.line.slice(0, -2);
    this.line = '';
    if (this.place === inExtension && extensions.test(text)) this.endSize();
    else if (this.place === inExtension) this.refuse('Invalid chunk extension');
    else if (text === '') this.place = over;
    else if (!headerLine.test(text)) this.refuse('Invalid trailer');
  }
  private takeByte(byte: number): void {
    if (this.place === inSize) this.takeSize(byte);
    else if (this.place !== afterData) this.takeExtra(byte);
    else if (this.endsLine(byte, 'Expected CR LF after chunk data')) {
      this.place = inSize;
      this.left = 0;
    }
  }

  /**
   * Takes the end of a chunk and the size of the next one, if they are whole, without extension.
   * Nearly all are.
   *
   * @returns where the data begins; `from` if they are not
   */
  private takeWholeSize(bytes: Buffer, from: number, to: number): number {
    let at = from;
    if (this.place === afterData) {
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
    this.left = bytesLeft;
    this.place = inData;
    return at + 2;
  }
}

/** @returns the value of a hexadecimal digit; -1 for any other byte */
function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const lower = byte | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}
