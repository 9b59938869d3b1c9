/**
 * Watches what undici reads of a socket. Before the headers, its own limit comes too late: it counts names and values
 * only, and goes on through all that it has read (8 s and 455 MB for short lines). After the headers, the memory of
 * each read is given back as soon as undici asks for the next: left to the garbage collector, the reads of a few
 * hundred fast streams take 100 MB and more.
 */
import { maxHeaderSize } from 'node:http';
import type { Socket } from 'node:net';

/** All bytes of one head: twice what its names and values may have. */
export const longestHeadBytes = 2 * maxHeaderSize;
/** What undici gets at once before the headers. */
const headPieceBytes = 4 * 2 ** 10;
/** The collector keeps up with smaller ones. */
const leastFreedBytes = 16 * 2 ** 10;

export interface Reads {
  /** What came before the headers, as text; at most twice `longestHeadBytes`. */
  head(): string;
  /** Headers of an answer such as 103 Early Hints have come; others will follow. */
  interim(): void;
  /** The headers have come: from now on all bytes are of the body. */
  body(): void;
}

/** @param tooLong called once, when more came without the end of the headers than may; undici reads no more then */
export function watchReads(socket: Socket, tooLong: () => void): Reads {
  const read = socket.read.bind(socket);
  let head: string | undefined = '';
  let headBytes = 0;
  let last: Buffer<ArrayBuffer> | undefined;

  function readHead(): Buffer | null {
    if (headBytes > longestHeadBytes) {
      tooLong();
      return null;
    }
    const chunk: Buffer | null = read(Math.min(socket.readableLength, headPieceBytes) || undefined);
    headBytes += chunk?.length ?? 0;
    if (chunk && head!.length < longestHeadBytes) head += chunk.toString('latin1');
    return chunk;
  }

  function readBody(): Buffer | null {
    const chunk: Buffer<ArrayBuffer> | null = read();
    // What undici put back comes again.
    if (last && last.buffer !== chunk?.buffer) last.buffer.transfer(0);
    last = chunk && chunk.length >= leastFreedBytes && chunk.length === chunk.buffer.byteLength ? chunk : undefined;
    return chunk;
  }

  socket.read = () => (head === undefined ? readBody() : readHead());
  return {
    head: () => head ?? '',
    interim: () => void (headBytes = 0),
    body: () => void (head = undefined),
  };
}
