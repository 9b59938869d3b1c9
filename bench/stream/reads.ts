/**
 * Watches what undici reads of a socket.
 *
 * Before the headers, undici's own limit comes too late: it counts names and values only, and makes
 * an error for each header beyond it (8 s and 455 MB for short lines). After the headers, the memory
 * of each read is given back when undici asks for the next. Left to the garbage collector, the reads
 * of a few hundred fast streams take 50 MB and more.
 */
import { maxHeaderSize } from 'node:http';
import type { Socket } from 'node:net';

/** All bytes of one head: twice what undici allows for its names and values. */
const longestHeadBytes = 2 * maxHeaderSize;
/** Each header takes hundreds of bytes in undici, however short it is. Python stops at 100. */
const mostHeaderLines = 500;
/** What undici gets at once before the headers. */
const headPieceBytes = 512;
/** The collector keeps up with smaller ones. */
const leastFreedBytes = 8 * 2 ** 10;

const LF = 10;

/** Whether a chunk is all that its memory holds; smaller ones may share theirs. */
const isAlone = (chunk: Buffer) =>
  chunk.length >= leastFreedBytes && chunk.length === chunk.buffer.byteLength;

export interface Reads {
  /** What came before the headers, as text; the first 32 KiB of it. */
  head(): string;
  /** Headers of an answer such as 103 Early Hints have come; others will follow. */
  interim(): void;
  /** The headers have come: from now on all bytes are of the body. */
  body(): void;
  /** The last read stays in use after the next: the garbage collector frees it. */
  keep(): void;
  /** The socket is about to be destroyed: gives back what it has read. */
  release(): void;
}

/** @param tooLong called when more came before the end of the headers than may; ends the reading */
export function watchReads(socket: Socket, tooLong: (message: string) => void): Reads {
  const read = socket.read.bind(socket);
  let head: string | undefined = '';
  let headBytes = 0;
  let headerLines = 0;
  /** The memory of the last read, if nothing else is in it. */
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
    if (owned && owned !== chunk?.buffer) owned.transfer(0); // what undici put back comes again
    if (owned !== chunk?.buffer) owned = chunk && isAlone(chunk) ? chunk.buffer : undefined;
    return chunk;
  }

  socket.read = (size) => {
    if (size !== undefined) return read(size); // Node itself, which asks for nothing: `read(0)`
    return head === undefined ? readBody() : readHead();
  };
  return {
    head: () => head ?? '',
    interim: () => void (headBytes = headerLines = 0),
    body: () => void (head = undefined),
    keep: () => void (owned = undefined),
    release() {
      const rest: Buffer<ArrayBuffer> | null = read();
      const unused = new Set([owned, rest && isAlone(rest) ? rest.buffer : undefined]);
      owned = undefined;
      // Not now: undici may be in the middle of it.
      setImmediate(() => unused.forEach((memory) => memory?.transfer(0)));
    },
  };
}
