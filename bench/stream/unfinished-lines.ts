/**
 * Reads the lines of an event before the event ends. `retry` takes effect when its line ends (HTML
 * standard, section 9.2.6), and a comment counts even if its event never ends.
 */
const LF = 10;
const CR = 13;
const space = 32;
const colon = 58;
const [zero, nine] = [48, 57];
const name = Buffer.from('retry');
const byteOrderMark = Buffer.from('\ufeff');
/** Beyond this length, a native search finds the end of a line faster than a loop. */
const shortLineBytes = 64;

/** Where we are in a `retry` line: in its name, after the colon, after the space, in the digits. */
type Place = 'start' | 'name' | 'colon' | 'space' | 'digits' | 'comment' | 'other';

export interface UnfinishedLines {
  feed(bytes: Buffer): void;
  /** The event has ended. @returns how many `retry` values were reported before its end */
  end(): number;
  /** The number of comments in the event so far. */
  comments(): number;
}

/** @param atStart whether the stream begins here and may have a byte order mark */
export function readUnfinishedLines(
  atStart: boolean,
  retry: (waitMs: number) => void,
): UnfinishedLines {
  let place: Place = 'start';
  let markAt = atStart ? 0 : byteOrderMark.length;
  let nameAt = 0;
  let waitMs = 0;
  let comments = 0;
  let retries = 0;

  function endLine() {
    if (place === 'comment') comments++;
    if (place === 'digits') {
      retries++;
      retry(waitMs);
    }
    place = 'start';
    markAt = byteOrderMark.length;
  }

  function beginLine(byte: number): Place {
    if (markAt < byteOrderMark.length) {
      if (byte === byteOrderMark[markAt++]) return 'start';
      if (markAt > 1) return 'other'; // a part of the mark
    }
    markAt = byteOrderMark.length;
    nameAt = 1;
    waitMs = 0;
    if (byte === colon) return 'comment';
    return byte === name[0] ? 'name' : 'other';
  }

  function next(byte: number): Place {
    if (place === 'start') return beginLine(byte);
    if (place === 'comment' || place === 'other') return place;
    if (place === 'name') {
      if (nameAt === name.length) return byte === colon ? 'colon' : 'other';
      return byte === name[nameAt++] ? 'name' : 'other';
    }
    if (byte >= zero && byte <= nine) {
      waitMs = 10 * waitMs + byte - zero;
      return 'digits';
    }
    return place === 'colon' && byte === space ? 'space' : 'other';
  }

  return {
    feed(bytes) {
      let nextCR = -1;
      let nativeFrom = shortLineBytes;
      for (let at = 0; at < bytes.length; at++) {
        const byte = bytes[at]!;
        if (byte === LF || byte === CR) {
          endLine();
          nativeFrom = at + shortLineBytes;
        } else if (at < nativeFrom || (place !== 'comment' && place !== 'other'))
          place = next(byte);
        else {
          if (nextCR < at) nextCR = placeOf(CR, bytes, at); // one search for many lines
          at = Math.min(placeOf(LF, bytes, at), nextCR) - 1;
        }
      }
    },
    end() {
      const before = retries;
      place = 'start';
      markAt = byteOrderMark.length;
      comments = retries = 0;
      return before;
    },
    comments: () => comments,
  };
}

/** Finds a byte. @returns the end of the bytes if it does not occur */
function placeOf(byte: number, bytes: Buffer, from: number): number {
  const place = bytes.indexOf(byte, from);
  return place === -1 ? bytes.length : place;
}
