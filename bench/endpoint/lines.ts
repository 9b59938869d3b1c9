/** Cuts a body into lines, which end with LF, CR LF or CR. Pure. */

export interface Line {
  start: number;
  /** The place after its last byte, without the line end. */
  end: number;
  /** The start of the next line. */
  next: number;
  ending: 'LF' | 'CR LF' | 'CR';
}

export const LF = 10;
export const CR = 13;

/**
 * @param hasEnded whether no byte can follow
 * @returns the finished lines from a place on, and the start of the unfinished last one
 */
export function linesOf(
  body: Buffer,
  from: number,
  hasEnded: boolean,
): { lines: Line[]; rest: number } {
  const lines: Line[] = [];
  let start = from;
  for (let at = from; at < body.length; at++) {
    const byte = body[at];
    if (byte !== LF && byte !== CR) continue;
    // A CR as the last byte may be the first half of a CR LF.
    if (byte === CR && at + 1 === body.length && !hasEnded) break;
    const ending = byte === LF ? 'LF' : body[at + 1] === LF ? 'CR LF' : 'CR';
    const next = at + (ending === 'CR LF' ? 2 : 1);
    lines.push({ start, end: at, next, ending });
    start = next;
    at = next - 1;
  }
  return { lines, rest: start };
}
