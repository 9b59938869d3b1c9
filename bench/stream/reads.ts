/**
 * Watches what undici reads from a socket.
 *
 * Before the headers, undici's own limit comes too late. It counts names and values only, and
 * creates an error for each header beyond it (8 s and 455 MB for short lines). After the headers,
 * this module releases the memory of each read when undici asks for the next. The garbage collector
 * alone would let the reads of a few hundred fast streams take 50 MB and more.
 */
import type { Socket } from 'node:net';
import { longestHeadBytes, mostHeaderLines } from './limits.ts';

/** The size of the pieces that undici gets before the headers. */
const headPieceBytes = 512;
/** The garbage collector keeps up with smaller reads. */
const leastFreedBytes = 8 * 2 ** 10;

const LF = 10;

/** Whether a chunk fills its memory alone; smaller ones may share theirs. */
const isAlone = (chunk: Buffer) =>
  chunk.length >= leastFreedBytes && chunk.length === chunk.buffer.byteLength;

export interface Reads {
  /** The text before the body, at most the first 32 KiB. */
  head(): string;
  /**
   * The headers of an interim response, such as 103 Early Hints, have arrived; others will follow.
   */
  interim(): void;
  /** The headers have arrived: from now on all bytes belong to the body. */
  body(): void;
  /** Releases the last read and unread bytes. Called before the socket is destroyed. */
  release(): void;
}

/** @param tooLong called if the headers exceed a limit; no more is read then */
export function watchReads(socket: Socket, tooLong: (message: string) => void): Reads {
  const read = socket.read.bind(socket);
  let head: string | undefined = '';
  let headBytes = 0;
  let headerLines = 0;
  /** The memory of the last read, if it holds nothing else. */
  let owned: ArrayBuffer | undefined;

  function excessOfHead(): string | undefined {
    if (headBytes > longestHeadBytes)
      return `more than ${longestHeadBytes / 1024} KiB without the end of the headers`;
    return headerLines > mostHeaderLines ? `more than ${mostHeaderLines} header lines` : undefined;
  }

  function readHead(): Buffer | null {
    const excess = excessOfHead();
    if (excess !== undefined) {
      tooLong(excess);
      return null;
    }
    const all: Buffer<ArrayBuffer> | null = read();
    if (all === null) return null;
    if (isAlone(all)) owned = all.buffer;
    if (all.length > headPieceBytes) socket.unshift(all.subarray(headPieceBytes));
    const chunk = all.subarray(0, headPieceBytes);
    headBytes += chunk.length;
    for (const byte of chunk) if (byte === LF) headerLines++;
    if (head!.length < longestHeadBytes) head += chunk.toString('latin1');
    return chunk;
  }

  function readBody(): Buffer | null {
    const chunk: Buffer<ArrayBuffer> | null = read();
    if (owned && owned !== chunk?.buffer) owned.transfer(0); // undici can put a chunk back
    if (owned !== chunk?.buffer) owned = chunk && isAlone(chunk) ? chunk.buffer : undefined;
    return chunk;
  }

  socket.read = (size) => {
    if (size !== undefined) return read(size); // Node calls `read(0)` itself, which returns no data
    return head === undefined ? readBody() : readHead();
  };
  return {
    head: () => head ?? '',
    interim: () => void (headBytes = headerLines = 0),
    body: () => void (head = undefined),
    release() {
      const rest: Buffer<ArrayBuffer> | null = read();
      const unused = new Set([owned, rest && isAlone(rest) ? rest.buffer : undefined]);
      owned = undefined;
      // Not at once, since undici may be using it.
      setImmediate(() => unused.forEach((memory) => memory?.transfer(0)));
    },
  };
}
