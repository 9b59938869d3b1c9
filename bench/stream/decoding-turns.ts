/**
 * Limits how much the decoders of this process expand at once.
 *
 * A brotli decoder expands its input into its window, up to 16 MiB, before it returns the first
 * byte. A thousand decoders that start together would take 16 GB, and each would finish its work
 * even if the round is over. So decoders take turns, in the order of their requests.
 */

/** The limit for the windows of all decoders at work. */
const mostBytesAtOnce = 64 * 2 ** 20;
/**
 * The minimum counted for each decoder, so that at most 64 work at once. Node decodes in four
 * threads.
 */
const leastBytes = 2 ** 20;

interface Turn {
  bytes: number;
  start(): void;
}

let bytesAtOnce = 0;
let isStarting = false;
const waiting = new Set<Turn>();

function startThoseThatFit() {
  if (isStarting) return; // a turn that ends at once makes room for the loop below
  isStarting = true;
  for (const turn of waiting) {
    if (bytesAtOnce + turn.bytes > mostBytesAtOnce) break;
    waiting.delete(turn);
    bytesAtOnce += turn.bytes;
    turn.start();
  }
  isStarting = false;
}

/**
 * Requests a turn.
 *
 * @param windowBytes how much of its window the decoder may fill, at most 16 MiB
 * @param start called at the start of the turn, possibly at once; must not throw. The caller then
 * calls `end` once, when the decoder has returned all that it expanded.
 */
export function takeTurn(windowBytes: number, start: (end: () => void) => void): void {
  const bytes = Math.max(leastBytes, windowBytes);
  const end = () => {
    bytesAtOnce -= bytes;
    startThoseThatFit();
  };
  waiting.add({ bytes, start: () => start(end) });
  startThoseThatFit();
}
