import { expect, test } from 'vitest';
import { parseEventStream } from '../tests/fixtures/helpers/reference-parser.ts';
import { dataToFrame, inputs } from './inputs.ts';

test.each(inputs(1).map((input) => [input.name, input] as const))(
  '%s: has the declared events, complete and in order',
  (_name, { chunks, events, bytes }) => {
    const body = Buffer.concat(chunks);
    expect(body).toHaveLength(bytes);
    const parsed = parseEventStream(body);
    expect(parsed.comments).toBe(0);
    expect(parsed.events.map((data) => Number(/^\d+/.exec(data)![0]))).toEqual(
      Array.from({ length: events }, (_, n) => n),
    );
    for (const data of parsed.events) expect(data).toMatch(/^\d+ 1234\d{11}\.*$/);
  },
);

test('small events have a chunk each, large ones have the size of socket reads, and split ones random sizes', () => {
  const [small, large, split] = inputs(1);
  expect(small!.chunks.every((chunk) => chunk.toString().endsWith('\n\n'))).toBe(true);
  expect(small!.chunks).toHaveLength(1_000);
  expect(Math.max(...large!.chunks.map(({ length }) => length))).toBe(65_536);
  expect(large!.bytes).toBe(1_000 * (4_096 + 8));
  expect(Buffer.concat(split!.chunks)).toEqual(Buffer.concat(small!.chunks));
  const lengths = split!.chunks.slice(0, -1).map(({ length }) => length);
  expect([Math.min(...lengths), Math.max(...lengths)]).toEqual([5, 40]);
});

test('the same seed gives the same inputs, and another seed gives others', () => {
  expect(inputs(1)).toEqual(inputs(1));
  expect(inputs(1)[2]).not.toEqual(inputs(2)[2]);
});

test('the data to frame is that of the inputs', () => {
  const [small, large] = dataToFrame();
  expect([small!.bytes, large!.bytes]).toEqual([inputs(1)[0]!.bytes, inputs(1)[1]!.bytes]);
  expect(Buffer.concat(inputs(1)[0]!.chunks).toString()).toBe(
    small!.data.map((data) => `data: ${data}\n\n`).join(''),
  );
});
