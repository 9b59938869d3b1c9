/** Parses the bytes of a body into events: with our reader, and with others. */
import { createRequire } from 'node:module';
import type { Transform } from 'node:stream';
import { createParser } from 'eventsource-parser';
import { createEventReader } from '../stream/events.ts';
import type { MicroCase } from './micro-case.ts';
import type { Input } from './inputs.ts';

/** The parser under undici's `EventSource`. undici does not export it, so we load its file. */
const { EventSourceStream } = createRequire(import.meta.url)(
  'undici/lib/web/eventsource/eventsource-stream.js',
) as {
  EventSourceStream: new () => Transform;
};

type Count = (chunks: readonly Buffer[]) => number | Promise<number>;

function countBySsebench(chunks: readonly Buffer[]): number {
  let events = 0;
  const reader = createEventReader({ event: () => void events++, comment() {}, tooLong() {} });
  for (const chunk of chunks) reader.feed(chunk);
  reader.close();
  return events;
}

/** This parser takes text. A streaming decoder handles characters that are cut between chunks. */
function countByParser(chunks: readonly Buffer[]): number {
  let events = 0;
  const parser = createParser({ onEvent: () => void events++ });
  const decoder = new TextDecoder();
  for (const chunk of chunks) parser.feed(decoder.decode(chunk, { stream: true }));
  return events;
}

async function countByUndici(chunks: readonly Buffer[]): Promise<number> {
  let events = 0;
  const stream = new EventSourceStream();
  stream.on('data', () => void events++);
  for (const chunk of chunks) stream.write(chunk);
  await new Promise((resolve) => {
    stream.on('end', resolve);
    stream.end();
  });
  return events;
}

export function parsing({ name: size, chunks, events: amount, bytes }: Input): MicroCase[] {
  const by = (name: string, count: Count): MicroCase => ({
    group: `parsing, ${size}`,
    name,
    unit: 'events',
    amount,
    bytes,
    run: () => count(chunks),
  });
  return [
    by('ssebench', countBySsebench),
    by('eventsource-parser', countByParser),
    by('undici', countByUndici),
  ];
}
