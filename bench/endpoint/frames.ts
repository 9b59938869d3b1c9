/**
 * Reads the events of a body by the HTML standard, section 9.2.6, and notes every deviation. Pure.
 * The parser of the load generator is faster, but reports no deviations.
 */
import { isUtf8 } from 'node:buffer';
import type { Read } from './exchange.ts';
import { linesOf } from './lines.ts';
import { quotedBytes } from './quoted-bytes.ts';

/** An event that a browser dispatches. */
export interface SeenEvent {
  /** When its last byte arrived, in milliseconds since the request was sent. */
  atMs: number;
  /** The id that it sets; `null` if it sets none. */
  id: string | null;
}

export const deviationKinds = [
  'bomAtStart',
  'bomWithin',
  'bareCr',
  'misspeltField',
  'unknownField',
  'fieldWithoutColon',
  'idWithNul',
  'badRetry',
  'badUtf8',
  'eventWithoutData',
  'missingBlankLine',
  'unfinishedEvent',
] as const;
export type DeviationKind = (typeof deviationKinds)[number];

export interface Deviation {
  kind: DeviationKind;
  /** Place in the decompressed body. */
  offset: number;
  /** The first bytes of the line, quoted and without secrets. */
  bytes: string;
}

export interface Frames {
  events: readonly SeenEvent[];
  /** Arrival times of comments, which servers use as heartbeats. */
  commentsAtMs: readonly number[];
  /** Every valid `retry`, in milliseconds. */
  retriesMs: readonly number[];
  /** The first few of each kind. */
  deviations: readonly Deviation[];
  /** How many there are of each kind. */
  deviationCounts: Readonly<Partial<Record<DeviationKind, number>>>;
  /** Bytes in total. */
  bytes: number;
  /** Places between events, at which a pause is natural. */
  ends: ReadonlySet<number>;
}

/** The lines since the last blank line. */
interface Block {
  start: number;
  /** When each data line arrived. */
  dataAtMs: number[];
  /** The id that it sets, and whether it has a type; an event has each once. */
  id: string | null;
  hasType: boolean;
}

/** A comment, a `retry` and an `id` are complete without a blank line. */
const hasBegun = ({ dataAtMs, hasType }: Block): boolean => dataAtMs.length > 0 || hasType;

const emptyBlock = (start: number): Block => ({ start, dataAtMs: [], id: null, hasType: false });

const byteOrderMark = Buffer.from('\ufeff');
/** Enough to find the cause. A body of another format can deviate in each of 100,000 lines. */
const keptDeviations = 3;
const fields = new Set(['data', 'event', 'id', 'retry']);

/** @param hasEnded whether the server ended the body, so that an unfinished event is lost */
export function framesOf(reads: readonly Read[], hasEnded: boolean): Frames {
  const body = Buffer.concat(reads.map(({ bytes }) => bytes));
  const bodyStart = body.subarray(0, 3).equals(byteOrderMark) ? 3 : 0;
  const arrivalOf = arrivalIn(reads);
  const frames = {
    events: [] as SeenEvent[],
    commentsAtMs: [] as number[],
    retriesMs: [] as number[],
    deviations: [] as Deviation[],
    deviationCounts: {} as Partial<Record<DeviationKind, number>>,
    bytes: body.length,
    ends: new Set([bodyStart]),
  };
  let block = emptyBlock(bodyStart);
  function deviate(kind: DeviationKind, start: number, end: number) {
    const count = (frames.deviationCounts[kind] ?? 0) + 1;
    frames.deviationCounts[kind] = count;
    if (count > keptDeviations) return;
    frames.deviations.push({ kind, offset: start, bytes: quotedBytes(body.subarray(start, end)) });
  }
  if (bodyStart > 0) deviate('bomAtStart', 0, bodyStart);

  const { lines, rest } = linesOf(body, bodyStart, hasEnded);
  for (const line of lines) {
    const atMs = arrivalOf(line.next);
    const bytes = body.subarray(line.start, line.end);
    if (line.ending === 'CR') deviate('bareCr', line.start, line.next);
    if (!isUtf8(bytes)) deviate('badUtf8', line.start, line.end);
    if (bytes.length === 0) {
      if (block.dataAtMs.length > 0) frames.events.push({ atMs, id: block.id });
      else if (block.hasType) deviate('eventWithoutData', block.start, line.start);
      block = emptyBlock(line.next);
    } else if (bytes[0] === colonByte) {
      frames.commentsAtMs.push(atMs);
      if (line.start === block.start) block.start = line.next;
    } else {
      const field = fieldOf(bytes);
      if (field.name === 'retry' && isNumber(field.value))
        frames.retriesMs.push(Number(field.value.toString()));
      const kind = addTo(block, field, atMs);
      if (kind !== undefined) deviate(kind, line.start, line.end);
    }
    if (!hasBegun(block)) frames.ends.add(line.next);
  }
  if (hasSeveralEvents(block)) deviate('missingBlankLine', block.start, body.length);
  else if (hasEnded && (block.dataAtMs.length > 0 || isDataLine(body.subarray(rest))))
    deviate('unfinishedEvent', block.start, body.length);
  return frames;
}

const colonByte = 58;
const spaceByte = 32;

interface Field {
  name: string;
  value: Buffer;
  hasColon: boolean;
}

function fieldOf(line: Buffer): Field {
  const colon = line.indexOf(colonByte);
  if (colon < 0)
    return { name: line.toString(), value: line.subarray(line.length), hasColon: false };
  const valueStart = colon + (line[colon + 1] === spaceByte ? 2 : 1);
  return {
    name: line.subarray(0, colon).toString(),
    value: line.subarray(valueStart),
    hasColon: true,
  };
}

const isNumber = (value: Buffer) => /^[0-9]+$/.test(value.toString('latin1'));
const isDataLine = (line: Buffer) => /^data\b/.test(line.toString('latin1'));

/** Adds a line to its block. @returns how the line deviates, if it does */
function addTo(block: Block, { name, value, hasColon }: Field, atMs: number) {
  const hadData = block.dataAtMs.length > 0;
  if (name === 'data') block.dataAtMs.push(atMs);
  else if (name === 'event') {
    const isSecond = block.hasType && hadData;
    block.hasType = true;
    if (isSecond) return 'missingBlankLine';
  } else if (name === 'id') {
    if (value.includes(0)) return 'idWithNul';
    const isSecond = block.id !== null && hadData;
    block.id = value.toString();
    if (isSecond) return 'missingBlankLine';
  } else if (name === 'retry') {
    if (!isNumber(value)) return 'badRetry';
  } else return kindOfUnknown(name);
  return hasColon ? undefined : 'fieldWithoutColon';
}

/**
 * Data lines that arrive over this time belong to several events: a server writes the lines of one
 * event together.
 */
const longestEventMs = 500;

const hasSeveralEvents = ({ dataAtMs }: Block): boolean =>
  dataAtMs.length > 2 && dataAtMs.at(-1)! - dataAtMs[0]! > longestEventMs;

function kindOfUnknown(name: string) {
  if (name.startsWith('\ufeff')) return 'bomWithin';
  // `data {}` is meant as data, and `event_id: 7` as a field of the server's own.
  const [word = ''] = /^[a-z]+(?![\w-])/i.exec(name.trim()) ?? [];
  return fields.has(word.toLowerCase()) ? 'misspeltField' : 'unknownField';
}

/** @returns when the byte before a place arrived; for growing places */
function arrivalIn(reads: readonly Read[]): (place: number) => number {
  let index = 0;
  let end = reads[0]?.bytes.length ?? 0;
  return (place) => {
    while (end < place && index + 1 < reads.length) end += reads[++index]!.bytes.length;
    return reads[index]?.atMs ?? 0;
  };
}
