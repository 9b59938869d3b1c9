/** Reads events from a body: takes bytes, cut anywhere, and returns events and comments. */
import { createParser, type EventSourceParser } from 'eventsource-parser';
import { readPlainEvents, type PlainObserver } from './plain-events.ts';
import { holdBytes, type HeldBytes } from './held-bytes.ts';
import { watchForStrayBytes, type StrayBytes } from './stray-bytes.ts';
import { readUnfinishedLines, type UnfinishedLines } from './unfinished-lines.ts';

export interface EventObserver extends PlainObserver {
  /**
   * Reports how many milliseconds clients must wait before they reconnect, as soon as its line
   * ends.
   */
  retry?(waitMs: number): void;
  comment(): void;
  /** Reports that an unfinished event exceeds the limit. Nothing follows it. */
  tooLong(message: string): void;
}

export interface EventReader {
  /** Takes the next bytes of the body, which are valid until the call returns. */
  feed(bytes: Uint8Array, from?: number, to?: number): void;
  /** No more data will come. Counts the comments of an unfinished event, and releases its bytes. */
  close(): void;
  /**
   * The number of received bytes, if they were parts of events and no event was whole. 0 if an
   * event was whole, or if nothing came but comments, `id`, `retry` and blank lines: a server may
   * have no event to send.
   */
  strayBytes(): number;
}

const MiB = 2 ** 20;
/** The limit for one unfinished event. The reference servers' longest event is 1 MiB. */
export const longestEventBytes = 16 * MiB;
/** The limit for unfinished events of all streams of this process together. */
const heldBytesLimit = 96 * MiB;

let heldBytesOfAll = 0;

const LF = 10;
const CR = 13;
const colon = 58;
const byteOrderMark = '\ufeff';

/**
 * Follows the rules of the HTML standard, section 9.2.6, and drops an unfinished event at the end.
 * The parser gets whole events only: parts of an event, as strings, take up to ten times their
 * bytes, for longer than needed.
 *
 * @param limit takes the complaint about an event that is too long, if the observer does not
 */
export function createEventReader(observer: EventObserver): EventReader;
export function createEventReader(observer: Events, limit: Limit): EventReader;
export function createEventReader(
  observer: Events,
  limit: Limit = observer as EventObserver,
): EventReader {
  return new Reader(observer, limit);
}
type Limit = Pick<EventObserver, 'tooLong'>;
type Events = Omit<EventObserver, 'tooLong'>;

/** A class, since closures of each stream would take as much memory as its socket. */
class Reader implements EventReader {
  private readonly observer: Events;
  private readonly limit: Limit;
  private atStart = true;
  private hasEvent = false;
  /** The bytes before the first event; created with the first of them, released with the event. */
  private stray: StrayBytes | undefined = undefined;
  /** Created when they are first needed, which most streams never do. */
  private parser: EventSourceParser | undefined = undefined;
  /** The unfinished event. */
  private held: HeldBytes | undefined = undefined;
  private lines: UnfinishedLines | undefined = undefined;
  /**
   * `retry` values of the unfinished event that were already reported. The parser will find them
   * again.
   */
  private knownRetries = 0;

  constructor(observer: Events, limit: Limit) {
    this.observer = observer;
    this.limit = limit;
  }

  feed(some: Uint8Array, from = 0, to = some.length): void {
    const all = asBuffer(some);
    const { held } = this;
    const isHolding = held !== undefined && held.length > 0;
    const begin = !isHolding && this.stray === undefined ? this.takePlain(all, from, to) : from;
    if (begin === to) return;
    const bytes = all.subarray(begin, to);
    if (!this.hasEvent) (this.stray ??= watchForStrayBytes()).feed(bytes);
    const end = endOfWhole(
      isHolding ? held.first : undefined,
      isHolding ? held.last : undefined,
      bytes,
    );
    if (end > 0 && !isHolding) this.parse(bytes.subarray(0, end));
    else if (end > 0) {
      heldBytesOfAll -= held!.memory;
      this.knownRetries = this.lines!.end();
      held!.takeWith(bytes.subarray(0, end), (whole) => {
        const parsedFrom = this.takePlain(whole, 0, whole.length);
        if (parsedFrom < whole.length) this.parse(whole.subarray(parsedFrom));
      });
    }
    if (end < bytes.length) this.hold(bytes.subarray(end));
  }
  close(): void {
    for (let comments = this.lines?.comments() ?? 0; comments > 0; comments--)
      this.observer.comment();
    this.lines?.end();
    this.release();
  }
  strayBytes(): number {
    return this.stray?.count() ?? 0;
  }

  /** @returns where the first event begins that needs the parser */
  private takePlain(bytes: Buffer, from: number, to: number): number {
    const begin = readPlainEvents(bytes, from, to, this.observer);
    if (begin > from) {
      this.hasEvent = true;
      this.stray = undefined;
      this.atStart = false;
    }
    return begin;
  }
  private createParser(): EventSourceParser {
    const { observer } = this;
    const parser = createParser({
      onEvent: ({ data, id, event }) => {
        this.hasEvent = true;
        this.stray = undefined;
        observer.event(data, id, event);
      },
      ...(observer.id && { onId: (id) => observer.id!(id) }),
      onRetry: (waitMs) => {
        if (this.knownRetries > 0) this.knownRetries--;
        else observer.retry?.(waitMs);
      },
      onComment: () => observer.comment(),
    });
    // The parser would take the characters "ï»¿" at the start for a byte order mark. An empty line
    // ends its search.
    parser.feed('\n');
    return parser;
  }
  private parse(bytes: Buffer): void {
    this.parser ??= this.createParser();
    const text = bytes.toString();
    this.parser.feed(this.atStart && text.startsWith(byteOrderMark) ? text.slice(1) : text);
    this.atStart = false;
  }
  private hold(bytes: Buffer): void {
    const held = (this.held ??= holdBytes());
    if (held.length + bytes.length > longestEventBytes) {
      return this.giveUp(`over ${longestEventBytes / MiB} MiB without the end of an event`);
    }
    heldBytesOfAll -= held.memory;
    held.append(bytes);
    heldBytesOfAll += held.memory;
    if (heldBytesOfAll > heldBytesLimit) {
      return this.giveUp(
        `over ${heldBytesLimit / MiB} MiB of unfinished events in all streams of a generator together`,
      );
    }
    this.lines ??= readUnfinishedLines(this.atStart, (waitMs) => this.observer.retry?.(waitMs));
    this.lines.feed(bytes);
  }
  private release(): void {
    if (!this.held) return;
    heldBytesOfAll -= this.held.memory;
    this.held.release();
  }
  private giveUp(message: string): void {
    this.release();
    this.limit.tooLong(message);
  }
}

const asBuffer = (bytes: Uint8Array) =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);

const isLineEnd = (byte: number | undefined) => byte === LF || byte === CR;
/** Whether two bytes end two lines, so that the second is empty. CR LF ends only one. */
const endTwoLines = (a: number | undefined, b: number | undefined) =>
  (a === LF && isLineEnd(b)) || (a === CR && b === CR);
const twoLineEnds = ['\n\n', '\n\r', '\r\r'].map((text) => Buffer.from(text));

/**
 * How many leading bytes do not belong to an event that continues after them. These end with the
 * last empty line, or with the empty lines and comments after it.
 *
 * @param first first byte of an unfinished event or comment before these bytes; `undefined` if
 * there is none
 * @param last its last byte
 */
function endOfWhole(first: number | undefined, last: number | undefined, bytes: Buffer): number {
  const { length } = bytes;
  if (endTwoLines(bytes[length - 2], bytes[length - 1])) return length;
  const ends = twoLineEnds
    .map((pair) => bytes.lastIndexOf(pair) + pair.length)
    .filter((end) => end >= 2);
  let end = Math.max(endTwoLines(last, bytes[0]) ? 1 : 0, ...ends);
  if (end === 0 && first !== undefined) {
    if (first !== colon) return 0;
    end = endOfLine(bytes, 0);
  }
  while (isLineEnd(bytes[end]) || bytes[end] === colon) {
    const next = endOfLine(bytes, end);
    if (next === 0) break;
    end = next;
  }
  return end;
}

/** The end of the line that continues at `from`; 0 if the line does not end here. */
function endOfLine(bytes: Buffer, from: number): number {
  for (let at = from; at < bytes.length; at++) if (isLineEnd(bytes[at])) return at + 1;
  return 0;
}
