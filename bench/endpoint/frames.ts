/**
 * Reads the events of a body by the HTML standard, section 9.2.6, and notes every deviation. Pure.
 * The parser of the load generator is faster, but reports no deviations.
 */
import { isUtf8 } from 'node:buffer';
import type { Read } from './exchange.ts';
import { linesOf, type Line } from './lines.ts';
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
  deviations: readonly Deviation[];
  /** Bytes in total. */
  bytes: number;
  /** Places between events, at which a pause is natural. */
  ends: ReadonlySet<number>;
}

/** The lines since the last blank line. */
interface Block {
  start: number;
  dataLines: number;
  id: string | null;
  hasEvent: boolean;
  /** When each data line arrived. */
  dataAtMs: number[];
}

const emptyBlock = (start: number): Block => ({
  start,
  dataLines: 0,
  id: null,
  hasEvent: false,
  dataAtMs: [],
});

const byteOrderMark = Buffer.from('\ufeff');
const fields = new Set(['data', 'event', 'id', 'retry']);

/** @param hasEnded whether the server ended the body, so that an unfinished event is lost */
export function framesOf(reads: readonly Read[], hasEnded: boolean): Frames {
  const body = Buffer.concat(reads.map(({ bytes }) => bytes));
  const atMs = arrivalIn(reads);
  const events: SeenEvent[] = [];
  const commentsAtMs: number[] = [];
  const retriesMs: number[] = [];
  const deviations: Deviation[] = [];
  const ends = new Set<number>([0]);
  const isMarked = body.subarray(0, 3).equals(byteOrderMark);
  const deviate = (kind: DeviationKind, { start, end }: Pick<Line, 'start' | 'end'>) =>
    void deviations.push({ kind, offset: start, bytes: quotedBytes(body.subarray(start, end)) });
  if (isMarked) deviate('bomAtStart', { start: 0, end: 3 });

  const { lines, rest } = linesOf(body, isMarked ? 3 : 0);
  let block = emptyBlock(0);

  function dispatch(line: Line) {
    if (block.dataLines > 0) events.push({ atMs: atMs(line.next), id: block.id });
    else if (block.hasEvent) deviate('eventWithoutData', { start: block.start, end: line.start });
    block = emptyBlock(line.next);
    ends.add(line.next);
  }

  function take(name: string, value: Buffer, line: Line) {
    if (name === 'data') {
      block.dataLines++;
      block.dataAtMs.push(atMs(line.next));
    } else if (name === 'event') {
      if (block.hasEvent && block.dataLines > 0) deviate('missingBlankLine', line);
      block.hasEvent = true;
    } else if (name === 'id') {
      if (block.id !== null && block.dataLines > 0) deviate('missingBlankLine', line);
      if (value.includes(0)) deviate('idWithNul', line);
      else block.id = value.toString();
    } else if (/^\d+$/.test(value.toString('latin1'))) retriesMs.push(Number(value.toString()));
    else deviate('badRetry', line);
  }

  for (const line of lines) {
    const bytes = body.subarray(line.start, line.end);
    if (line.ending === 'CR') deviate('bareCr', { start: line.start, end: line.next });
    if (!isUtf8(bytes)) deviate('badUtf8', line);
    const colon = bytes.indexOf(':');
    if (bytes.length === 0) dispatch(line);
    else if (colon === 0) {
      commentsAtMs.push(atMs(line.next));
      if (line.start === block.start) ends.add((block.start = line.next));
    } else {
      const name = bytes.subarray(0, colon < 0 ? bytes.length : colon).toString();
      const valueStart = colon < 0 ? bytes.length : colon + (bytes[colon + 1] === 0x20 ? 2 : 1);
      const isKnown = fields.has(name);
      if (isKnown && colon < 0) deviate('fieldWithoutColon', line);
      if (isKnown) take(name, bytes.subarray(valueStart), line);
      else deviate(kindOfUnknown(name), line);
    }
  }
  if (neverEnds(block)) deviate('missingBlankLine', { start: block.start, end: body.length });
  else if (hasEnded && (block.dataLines > 0 || /^data\b/.test(body.subarray(rest).toString())))
    deviate('unfinishedEvent', { start: block.start, end: body.length });
  return { events, commentsAtMs, retriesMs, deviations, bytes: body.length, ends };
}

/**
 * Data lines that arrive over this time belong to several events: a server writes the lines of one
 * event together.
 */
const longestEventMs = 500;

function neverEnds({ dataAtMs }: Block): boolean {
  return dataAtMs.length > 2 && dataAtMs.at(-1)! - dataAtMs[0]! > longestEventMs;
}

function kindOfUnknown(name: string): DeviationKind {
  if (name.startsWith('\ufeff')) return 'bomWithin';
  const [word = ''] = /^[a-z]+/i.exec(name.trim()) ?? [];
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
