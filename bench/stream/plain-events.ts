/**
 * Reads plain events from bytes in place: whole events whose lines are `data`, `id` and `event`, and
 * end with LF. Servers send little else. The parser reads everything that is not plain.
 */
import { counter, readCounterLine } from './counter-line.ts';

const LF = 10;
const CR = 13;
const colon = 58;
const space = 32;
/**
 * Beyond this length, the parser is faster: it decodes all bytes at once, and searches natively for
 * the ends of lines.
 */
const shortBytes = 256;

const [D, A, T, E, V, N, I] = Buffer.from('datevni') as unknown as number[];

/** The kinds of lines. Any other line is not plain. */
const other = 0;
const data = 1;
const id = 2;
const name = 3;

export interface PlainObserver {
  /**
   * @param id the id field of this event, and `name` its event field; `undefined` without the field
   */
  event(data: string, id?: string, name?: string): void;
  /**
   * Takes an event whose only line is the data of a counter, in place of `event`.
   *
   * @param stampNs NaN without a stamp
   */
  counted?(number: number, stampNs: number): void;
  /** Reports the new last event id, before the event itself if there is one. */
  id?(id: string): void;
}

/** The text of the event so far. An event is read completely before the next one. */
const fields = {
  data: '',
  id: undefined as string | undefined,
  name: undefined as string | undefined,
};

/**
 * Reports the plain events at the start of these bytes.
 *
 * @returns where the first event begins that is not plain or not whole; `to` if there is none
 */
export function readPlainEvents(
  bytes: Buffer,
  from: number,
  to: number,
  observer: PlainObserver,
): number {
  let at = from;
  while (at < to) {
    const countedEnd = observer.counted ? readCounterEvent(bytes, at, to) : 0;
    if (countedEnd > 0) {
      at = countedEnd;
      observer.counted!(counter.number, counter.stampNs);
      continue;
    }
    const end = to - from > shortBytes ? 0 : readPlainEvent(bytes, at, to);
    if (end === 0) return at;
    at = end;
    const { data: text, id: ownId, name: ownName } = fields;
    if (ownId !== undefined) observer.id?.(ownId);
    observer.event(text, ownId, ownName);
  }
  return at;
}

/** @returns the end of an event with a counter's data and nothing else; 0 if it is not whole */
function readCounterEvent(bytes: Buffer, at: number, to: number): number {
  if (kindOf(bytes, at) !== data) return 0;
  const from = at + namesBytes[data]!;
  const lineEnd = readCounterLine(bytes, bytes[from] === space ? from + 1 : from, to);
  return lineEnd > 0 && lineEnd + 1 < to && bytes[lineEnd + 1] === LF ? lineEnd + 2 : 0;
}

/** @returns the end of the event; 0 if it is not plain or not whole */
function readPlainEvent(bytes: Buffer, from: number, to: number): number {
  fields.id = fields.name = undefined;
  let hasData = false;
  for (let at = from; at < to;) {
    if (bytes[at] === LF) return hasData ? at + 1 : 0;
    const kind = kindOf(bytes, at);
    const end = kind === other ? 0 : endOfLine(bytes, at, to);
    if (end === 0) return 0;
    const value = valueOf(bytes, at + namesBytes[kind]!, end);
    if (kind === data) {
      fields.data = hasData ? `${fields.data}\n${value}` : value;
      hasData = true;
    } else if (kind === name) fields.name = value === '' ? undefined : value;
    else if (value.includes('\0')) return 0;
    else fields.id = value;
    at = end + 1;
  }
  return 0;
}

/** By kind: the length of the name and its colon. */
const namesBytes = [0, 5, 3, 6];

function kindOf(bytes: Buffer, at: number): number {
  const first = bytes[at];
  if (first === D)
    return bytes[at + 1] === A &&
      bytes[at + 2] === T &&
      bytes[at + 3] === A &&
      bytes[at + 4] === colon
      ? data
      : other;
  if (first === I) return bytes[at + 1] === D && bytes[at + 2] === colon ? id : other;
  if (first !== E) return other;
  return bytes[at + 1] === V &&
    bytes[at + 2] === E &&
    bytes[at + 3] === N &&
    bytes[at + 4] === T &&
    bytes[at + 5] === colon
    ? name
    : other;
}

/** The LF that ends the line; 0 if the line is not whole or has a CR. */
function endOfLine(bytes: Buffer, from: number, to: number): number {
  for (let at = from; at < to; at++) {
    if (bytes[at] === LF) return at;
    if (bytes[at] === CR) return 0;
  }
  return 0;
}

const valueOf = (bytes: Buffer, from: number, to: number): string =>
  bytes.toString('utf8', bytes[from] === space ? from + 1 : from, to);
