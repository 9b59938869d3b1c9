/** Reads the events out of a body: bytes in, however they are cut, events and comments out. */
import { createParser } from 'eventsource-parser';

export interface EventObserver {
  event(data: string): void;
  /** The id of the last event is this from now on; told before the event, if there is one. */
  id?(id: string): void;
  /** How long the server asks its clients to wait before they come again, in milliseconds. */
  retry?(waitMs: number): void;
  comment(): void;
  /** So much has come without the end of an event that no more of it is kept. Final. */
  tooLong(message: string): void;
}

export interface EventReader {
  /** Takes the next bytes of the body. */
  feed(bytes: Uint8Array): void;
  /** No more will come: tells of the comments in what is incomplete, and lets go of it. */
  close(): void;
}

const MiB = 2 ** 20;
/** What one stream may bring without the end of an event. The reference servers' longest event is 1 MiB. */
export const longestEventBytes = 16 * MiB;
/** What all streams of this process together may hold of incomplete events; a thousand endless ones would fill any memory. */
const heldBytesLimit = 256 * MiB;

let heldBytesOfAll = 0;

const LF = 10;
const CR = 13;
const colon = 58;
const byteOrderMark = '\ufeff';

/**
 * Follows the rules of the HTML standard, section 9.2.6; an unfinished event at the end is dropped. The parser gets
 * whole events only: a part of one, as strings, takes up to ten times its bytes, and longer than it is needed.
 */
export function createEventReader(observer: EventObserver): EventReader {
  let atStart = true;
  /** In its first bytes, what has come of the event that has not ended. */
  let held = Buffer.allocUnsafeSlow(0);
  let heldBytes = 0;

  const parser = createParser({
    onEvent: ({ data }) => observer.event(data),
    ...(observer.id && { onId: (id) => observer.id!(id) }),
    ...(observer.retry && { onRetry: (waitMs) => observer.retry!(waitMs) }),
    onComment: () => observer.comment(),
  });
  // It would take the characters "ï»¿" at the start for a byte order mark; an empty line ends its search for one.
  parser.feed('\n');

  function parse(bytes: Buffer) {
    const text = bytes.toString();
    parser.feed(atStart && text.startsWith(byteOrderMark) ? text.slice(1) : text);
    atStart = false;
  }

  function hold(bytes: Buffer) {
    const needed = heldBytes + bytes.length;
    if (needed > longestEventBytes) return giveUp(`over ${longestEventBytes / MiB} MiB without the end of an event`);
    if (heldBytesOfAll + bytes.length > heldBytesLimit) {
      return giveUp(`over ${heldBytesLimit / MiB} MiB of events without end, in all streams of a generator together`);
    }
    if (needed > held.length) replaceHeld(Math.max(needed, held.length + Math.ceil(held.length / 4)));
    held.set(bytes, heldBytes);
    heldBytes = needed;
    heldBytesOfAll += bytes.length;
  }

  /** Memory is given back at once: left to the garbage collector, it would pile up. */
  function replaceHeld(length: number) {
    const last = held;
    held = Buffer.allocUnsafeSlow(length);
    if (length > 0) held.set(last.subarray(0, heldBytes));
    last.buffer.transfer(0);
  }

  function letGo() {
    heldBytesOfAll -= heldBytes;
    heldBytes = 0;
    if (held.length > 0) replaceHeld(0);
  }

  /** Comments in an event that does not end are comments all the same. */
  function tellComments(unfinished: Buffer) {
    let start = atStart && unfinished.toString('utf8', 0, 3) === byteOrderMark ? 3 : 0;
    for (let end = endOfLine(unfinished, start); end > 0; end = endOfLine(unfinished, start)) {
      if (unfinished[start] === colon) observer.comment();
      start = end;
    }
  }

  function giveUp(message: string) {
    letGo();
    observer.tooLong(message);
  }

  return {
    feed(some) {
      const bytes = asBuffer(some);
      const end = endOfWhole(heldBytes === 0 ? nothing : held.subarray(0, heldBytes), bytes);
      if (end > 0 && heldBytes === 0) parse(bytes.subarray(0, end));
      else if (end > 0) {
        const whole = Buffer.concat([held.subarray(0, heldBytes), bytes.subarray(0, end)]);
        letGo();
        parse(whole);
      }
      if (end < bytes.length) hold(bytes.subarray(end));
    },
    close() {
      tellComments(held.subarray(0, heldBytes));
      letGo();
    },
  };
}

const nothing = Buffer.alloc(0);
const asBuffer = (bytes: Uint8Array) =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);

const isLineEnd = (byte: number | undefined) => byte === LF || byte === CR;
/** Whether two bytes are the ends of two lines, of which the second is empty; CR LF is the end of one. */
const endTwoLines = (a: number | undefined, b: number | undefined) => (a === LF && isLineEnd(b)) || (a === CR && b === CR);
const twoLineEnds = ['\n\n', '\n\r', '\r\r'].map((text) => Buffer.from(text));

/**
 * How many of the bytes are no part of an event that goes on after them: those up to the last empty line, and what
 * follows it of empty lines and comments.
 *
 * @param before what has come of an event that has not ended, or of a comment
 */
function endOfWhole(before: Buffer, bytes: Buffer): number {
  const { length } = bytes;
  if (endTwoLines(bytes[length - 2], bytes[length - 1])) return length;
  const ends = twoLineEnds.map((pair) => bytes.lastIndexOf(pair) + pair.length).filter((end) => end >= 2);
  let end = Math.max(endTwoLines(before.at(-1), bytes[0]) ? 1 : 0, ...ends);
  if (end === 0 && before.length > 0) {
    if (before[0] !== colon) return 0;
    end = endOfLine(bytes, 0);
  }
  while (isLineEnd(bytes[end]) || bytes[end] === colon) {
    const next = endOfLine(bytes, end);
    if (next === 0) break;
    end = next;
  }
  return end;
}

/** Where the line ends that goes on at a place; 0 where it does not. */
function endOfLine(bytes: Buffer, from: number): number {
  for (let at = from; at < bytes.length; at++) if (isLineEnd(bytes[at])) return at + 1;
  return 0;
}
