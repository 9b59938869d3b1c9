/** Reads counter events: those of the reference servers, and of servers with the same format. */
import type { EventReader, EventValues } from './reader.ts';

const [zero, nine, space] = [48, 57, 32];
/** Faster than a loop if there are many dots. */
const padding = /\.+$/y;
/** More digits cannot be added up exactly. */
const mostDigits = 15;

/** Where `digitsIn` ended. */
let end = 0;
/** @returns the number that begins here; `undefined` if there is no digit */
function digitsIn(text: string, from: number): number | undefined {
  let number = 0;
  for (end = from; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code < zero || code > nine) break;
    number = 10 * number + code - zero;
  }
  if (end === from) return undefined;
  return end - from <= mostDigits ? number : Number(text.slice(from, end));
}

/**
 * Reads the data of a counter event: `N`, or `N STAMP` with nanoseconds of the common clock. Dots
 * may follow as padding. For the numbers, a regular
 * expression would take several times as long.
 */
function readCounter(text: string): EventValues | undefined {
  const number = digitsIn(text, 0);
  if (number === undefined) return undefined;
  let stampNs: number | undefined;
  if (text.charCodeAt(end) === space) {
    stampNs = digitsIn(text, end + 1);
    if (stampNs === undefined) return undefined;
  }
  if (end < text.length) {
    padding.lastIndex = end;
    if (!padding.test(text)) return undefined;
  }
  return { number, stampNs };
}

/** @param needsStamp whether only data with a stamp is a counter's */
export function counterReader(needsStamp: boolean): EventReader {
  const none: EventValues = { number: undefined, stampNs: undefined };
  return {
    read(data) {
      const counter = readCounter(data) ?? none;
      return needsStamp && counter.stampNs === undefined ? none : counter;
    },
    resolutionNs: () => 0,
    findings: () => undefined,
  };
}
