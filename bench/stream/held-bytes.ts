/**
 * Holds bytes of unfinished events in blocks. Held bytes are not copied again when more bytes
 * arrive, and a released block can be reused at once. A growing buffer, or memory left to the
 * garbage collector, would take several times as much.
 */

const blockBytes = 64 * 2 ** 10;
/** A stream whose events arrive in pieces retains a buffer of this size for the next piece. */
const keptBytes = 128;

/**
 * Released blocks, kept for other streams until none is in use. Freeing them one by one would
 * fragment memory.
 */
const spareBlocks: Buffer<ArrayBuffer>[] = [];
let blocksInUse = 0;
const empty = Buffer.allocUnsafeSlow(0);

export interface HeldBytes {
  readonly length: number;
  /** The memory they occupy, in bytes. */
  readonly memory: number;
  /** The first and the last byte; `undefined` if nothing is held. */
  readonly first: number | undefined;
  readonly last: number | undefined;
  append(bytes: Buffer): void;
  /**
   * Calls back with all held bytes followed by `more`. The bytes are valid until the callback
   * returns.
   */
  takeWith(more: Buffer, use: (whole: Buffer) => void): void;
  release(): void;
}

/** Releases the memory of a buffer at once. No other buffer may share that memory. */
function free(buffer: Buffer<ArrayBuffer>) {
  buffer.buffer.transfer(0);
}

function takeBlock(): Buffer<ArrayBuffer> {
  blocksInUse++;
  return spareBlocks.pop() ?? Buffer.allocUnsafeSlow(blockBytes);
}

function giveBack(buffer: Buffer<ArrayBuffer>) {
  if (buffer.length < blockBytes) {
    if (buffer.length > keptBytes) free(buffer);
    return;
  }
  spareBlocks.push(buffer);
  if (--blocksInUse === 0) spareBlocks.splice(0).forEach(free);
}

export function holdBytes(): HeldBytes {
  /** Full blocks; the bytes after them are in the first `tailBytes` of the tail. */
  let blocks: Buffer<ArrayBuffer>[] = [];
  let tail = empty;
  let tailBytes = 0;
  let first: number | undefined;
  let last: number | undefined;
  const lengthNow = () => blocks.length * blockBytes + tailBytes;

  function growTail(needed: number) {
    if (needed <= tail.length) return;
    const grown =
      needed > blockBytes / 2
        ? takeBlock()
        : Buffer.allocUnsafeSlow(Math.max(needed, Math.ceil(1.25 * tail.length)));
    if (tailBytes > 0) grown.set(tail.subarray(0, tailBytes));
    giveBack(tail);
    tail = grown;
  }

  function release() {
    for (const block of blocks) giveBack(block);
    if (blocks.length > 0) blocks = [];
    tailBytes = 0;
    first = last = undefined;
    if (tail.length <= keptBytes) return;
    giveBack(tail);
    tail = empty;
  }

  return {
    get length() {
      return lengthNow();
    },
    get memory() {
      return blocks.length * blockBytes + (tailBytes > 0 ? tail.length : 0);
    },
    get first() {
      return first;
    },
    get last() {
      return last;
    },
    append(bytes) {
      if (bytes.length === 0) return;
      first ??= bytes[0];
      last = bytes[bytes.length - 1];
      for (let from = 0; from < bytes.length;) {
        const some = Math.min(bytes.length - from, blockBytes - tailBytes);
        growTail(tailBytes + some);
        tail.set(some === bytes.length ? bytes : bytes.subarray(from, from + some), tailBytes);
        tailBytes += some;
        from += some;
        if (tailBytes < blockBytes) return;
        blocks.push(tail);
        tail = empty;
        tailBytes = 0;
      }
    },
    takeWith(more, use) {
      const length = lengthNow() + more.length;
      // A large buffer must not come from the pool that small buffers share.
      const whole =
        length < blockBytes ? Buffer.allocUnsafe(length) : Buffer.allocUnsafeSlow(length);
      let at = 0;
      for (const block of blocks) {
        whole.set(block, at);
        at += blockBytes;
      }
      whole.set(tail.subarray(0, tailBytes), at);
      whole.set(more, at + tailBytes);
      release();
      use(whole);
      if (length >= blockBytes) free(whole);
    },
    release,
  };
}
