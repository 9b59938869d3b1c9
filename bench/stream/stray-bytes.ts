/**
 * Judges the bytes before the first event: whether they were parts of events. Comments, `id`,
 * `retry` and blank lines are not, since a server may have no event to send. Pure.
 */
const LF = 10;
const CR = 13;
/** The three bytes of a byte order mark, which may precede the first line. */
const byteOrderMark = '\xef\xbb\xbf';
/** A line that is no part of an event, and the beginning of such a line. */
const lineOfNone = /^($|:|(id|retry)($|:))/;
const startOfNone = /^($|:|i$|r(e(t(ry?)?)?)?$|(id|retry)($|:))/;
/** The rest of a line decides nothing. */
const decisiveBytes = byteOrderMark.length + 'retry:'.length;

export interface StrayBytes {
  /** Takes the next bytes, cut anywhere. */
  feed(bytes: Uint8Array): void;
  /** The number of all bytes if some were parts of events; otherwise 0. */
  count(): number;
}

export function watchForStrayBytes(): StrayBytes {
  let bytesInAll = 0;
  let isStray = false;
  let isFirstLine = true;
  /** The beginning of this line. */
  let line = '';
  const content = () =>
    isFirstLine && line.startsWith(byteOrderMark) ? line.slice(byteOrderMark.length) : line;

  function take(byte: number) {
    if (byte === LF || byte === CR) {
      isStray = !lineOfNone.test(content());
      isFirstLine = false;
      line = '';
    } else if (line.length < decisiveBytes) {
      line += String.fromCharCode(byte);
      const mayBeMark = isFirstLine && byteOrderMark.startsWith(line);
      isStray = !mayBeMark && !startOfNone.test(content());
    }
  }
  return {
    feed(bytes) {
      for (let at = 0; at < bytes.length && !isStray; at++) take(bytes[at]!);
      bytesInAll += bytes.length;
    },
    count: () => (isStray || !startOfNone.test(content()) ? bytesInAll : 0),
  };
}
