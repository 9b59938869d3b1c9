/**
 * Reads the data of counter events in place: `N`, or `N STAMP`, possibly with dots as padding. Nearly
 * all events of a load are such events, and a text of each would cost more than its digits.
 */
const LF = 10;
const space = 32;
const dot = 46;
const zero = 48;
/** More digits cannot be added up exactly. */
const mostDigits = 15;
/** More padding than a read of a socket has. */
const dots = Buffer.alloc(64 * 2 ** 10, '.');

/** The values of the line that was read last. The stamp is NaN without one. */
export const counter = { number: NaN, stampNs: NaN };

/** Where `digitsIn` ended. */
let end = 0;
function digitsIn(bytes: Buffer, from: number, to: number): number {
  let number = 0;
  for (end = from; end < to; end++) {
    const digit = bytes[end]! - zero;
    if (digit < 0 || digit > 9) break;
    number = 10 * number + digit;
  }
  return end - from <= mostDigits ? number : Number(bytes.toString('latin1', from, end));
}

/**
 * @param from where the data begins
 * @returns the LF that ends its line; 0 if the line is not whole, or is not a counter's
 */
export function readCounterLine(bytes: Buffer, from: number, to: number): number {
  const number = digitsIn(bytes, from, to);
  if (end === from) return 0;
  let stampNs = NaN;
  if (end < to && bytes[end] === space) {
    const stampAt = end + 1;
    stampNs = digitsIn(bytes, stampAt, to);
    if (end === stampAt) return 0;
  }
  const lineEnd = bytes[end] === LF ? end : endOfDots(bytes, end);
  if (lineEnd >= to) return 0;
  counter.number = number;
  counter.stampNs = stampNs;
  return lineEnd;
}

/** @returns the LF after dots; 0 if anything else comes before it */
function endOfDots(bytes: Buffer, from: number): number {
  if (bytes[from] !== dot) return 0;
  const lineEnd = bytes.indexOf(LF, from);
  const length = lineEnd - from;
  if (length < 0 || length > dots.length) return 0;
  return bytes.compare(dots, 0, length, from, lineEnd) === 0 ? lineEnd : 0;
}
