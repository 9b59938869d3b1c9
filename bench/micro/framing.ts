/** Encodes data as events: by hand, and with the frameworks' own writers. */
import { createResponse } from 'better-sse';
import { EventStream, H3 } from 'h3';
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { MicroCase } from './micro-case.ts';
import { dataToFrame } from './inputs.ts';

type Respond = (data: readonly string[]) => Response | Promise<Response>;

const request = () => new Request('http://localhost/');

/**
 * A web response whose body is written by hand: the base on which the writers of frameworks build.
 */
function respondByHand(data: readonly string[]): Response {
  const encoder = new TextEncoder();
  let n = 0;
  const body = new ReadableStream({
    pull(controller) {
      if (n < data.length) controller.enqueue(encoder.encode(`data: ${data[n++]}\n\n`));
      else controller.close();
    },
  });
  return new Response(body);
}

const respondByHono: Respond = (data) =>
  new Hono()
    .get('/', (c) =>
      streamSSE(c, async (stream) => {
        for (const each of data) await stream.writeSSE({ data: each });
      }),
    )
    .request('/');

const respondByH3: Respond = (data) =>
  new H3()
    .get('/', (event) => {
      const stream = new EventStream(event);
      void (async () => {
        for (const each of data) await stream.push(each);
        await stream.close();
      })();
      return stream.send();
    })
    .request('/');

/** This response never ends, so the reader disconnects after the last event. */
const respondByBetterSse: Respond = (data) =>
  createResponse(request(), { serializer: String, keepAlive: null, retry: null }, (session) => {
    for (const each of data) session.push(each);
  });

/** Reads until as many events have ended as are due. */
async function readEvents(response: Response, due: number): Promise<number> {
  let events = 0;
  for await (const chunk of response.body!) {
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1))
      if (chunk[at + 1] === 10) events++;
    if (events >= due) break;
  }
  return events;
}

export function framing(): MicroCase[] {
  return dataToFrame().flatMap(({ name: size, data, bytes }) => {
    const base = { unit: 'events', amount: data.length, bytes };
    // V8 represents a concatenated string as its parts until somebody reads it. A socket forces it
    // into bytes, so this case does too.
    const scratch = Buffer.alloc(2 * Math.max(...data.map(({ length }) => length)) + 16);
    const alone = (name: string, bytesOf: (text: string) => number): MicroCase => ({
      ...base,
      group: `framing, ${size}`,
      name,
      run() {
        let framed = 0;
        for (const text of data) if (bytesOf(text) > text.length) framed++;
        return framed;
      },
    });
    const written = (name: string, respond: Respond): MicroCase => ({
      ...base,
      group: `framing into a web response, ${size}`,
      name,
      run: async () => readEvents(await respond(data), data.length),
    });
    return [
      alone('string, written out by the socket', (text) => scratch.write(`data: ${text}\n\n`)),
      alone('Buffer', (text) => Buffer.from(`data: ${text}\n\n`).length),
      written('by hand', respondByHand),
      written('hono', respondByHono),
      written('h3', respondByH3),
      written('better-sse', respondByBetterSse),
    ];
  });
}
