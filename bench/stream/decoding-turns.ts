/**
 * Limits what the decoders of this process have in hand at once.
 *
 * A brotli decoder expands its input into its window, up to 16 MiB, before it returns the first
 * byte. A thousand decoders that start together would take 16 GB, and each would finish its work
 * even when the round is over. So decoders take turns, in the order in which they ask.
 */

/** The windows that decoders at work may fill, together. */
const mostBytesAtOnce = 128 * 2 ** 20;
/** Counted for each decoder, so that no more than 128 work at once. Node decodes in four threads. */
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
 * Asks for a turn.
 *
 * @param windowBytes what the decoder may fill of its window, at most 16 MiB
 * @param start called at the beginning of the turn, which may be now; never throws. The caller then
 *   calls `end`, once, when the decoder has returned all that it expanded
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
