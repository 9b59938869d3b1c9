/** Counter events read in place: the same values as those of their texts, wherever bytes are cut. */
import { expect, test } from 'vitest';
import { randomFrom } from '../statistics/random.ts';
import { cutAt } from '../tests/fixtures/helpers/cut-at.ts';
import { createEventReader } from './events.ts';

const pattern = /^(\d+)(?: (\d+))?\.*$/;
/** The values of a text as `counted` reports them, or the text if it is not a counter's. */
function valuesOf(text: string): unknown {
  const [, number, stamp] = pattern.exec(text) ?? [];
  return number === undefined ? text : [Number(number), stamp === undefined ? NaN : Number(stamp)];
}

function valuesIn(pieces: Iterable<Uint8Array>, inPlace: boolean) {
  const values: unknown[] = [];
  let counted = 0;
  const reader = createEventReader({
    event: (data, id, name) => values.push([valuesOf(data), id, name]),
    ...(inPlace && {
      counted(number: number, stampNs: number) {
        counted++;
        values.push([[number, stampNs], undefined, undefined]);
      },
    }),
    id: (id) => values.push(`id ${id}`),
    comment: () => values.push('comment'),
    retry: (waitMs) => values.push(`retry ${waitMs}`),
    tooLong: (message) => expect.unreachable(message),
  });
  for (const piece of pieces) reader.feed(piece);
  reader.close();
  return { values, counted, stray: reader.strayBytes() };
}

const parts = [
  '0',
  '7',
  '12345',
  '007',
  ' ',
  '1234567890123',
  '123456789012345678',
  '.',
  '...',
  'x',
  '\r',
  '.'.repeat(300),
  'data: ',
  'data:',
  '\n',
  '\n\n',
  '\n\ndata: ',
  '\ndata: ',
  '\n: hi\n',
  '-',
  'data: 5\n\n',
  'data: 6 7..\n\n',
  'data:8 9\n\n',
  `data: 1${'.'.repeat(99)}\n\n`,
  '\nid: 5\n',
  '\nevent: n\n',
  '\ufeff',
  '\0',
  'é',
  '\nretry: 5\n',
];

test('equals the values of the texts in random streams', () => {
  const random = randomFrom(1);
  const below = (limit: number) => Math.floor(random() * limit);
  let counted = 0;
  for (let attempt = 0; attempt < 4_000; attempt++) {
    const text = Array.from({ length: below(40) }, () => parts[below(parts.length)]!).join('');
    const bytes = Buffer.from(below(3) === 0 ? text : `data: ${text}`);
    const cuts = Array.from({ length: below(4) }, () => below(bytes.length + 1)).toSorted(
      (a, b) => a - b,
    );
    const found = valuesIn(cutAt(bytes, cuts), true);
    const expected = valuesIn(cutAt(bytes, cuts), false);
    expect({ text, cuts, ...found, counted: 0 }).toEqual({ text, cuts, ...expected });
    counted += found.counted;
  }
  expect(counted).toBeGreaterThan(200);
});

test.each([
  ['data: 5\n\n', [5, NaN]],
  ['data:5 6\n\n', [5, 6]],
  ['data: 5 123456789012345678..\n\n', [5, Number('123456789012345678')]],
  ['data: 0 1{dots}\n\n', [0, 1]],
])('reads %j in place', (shown, values) => {
  const text = shown.replace('{dots}', '.'.repeat(60_000));
  expect(valuesIn([Buffer.from(text)], true)).toMatchObject({
    values: [[values, undefined, undefined]],
    counted: 1,
  });
});

test.each([
  ['a byte after the dots', 'data: 5..x\n\n'],
  ['two spaces', 'data: 5  6\n\n'],
  ['a second line', 'data: 5\ndata: 6\n\n'],
  ['an id', 'data: 5\nid: 6\n\n'],
  ['CR LF', 'data: 5\r\n\r\n'],
])('leaves an event with %s to the other readers', (_, text) => {
  const { counted, values } = valuesIn([Buffer.from(text)], true);
  expect(counted).toBe(0);
  expect(values.length).toBeGreaterThan(0);
});

test('reads nothing beyond the end of the piece', () => {
  const bytes = Buffer.from('data: 5 6..\n\ndata: 78..\n\n');
  for (let to = 0; to <= bytes.length; to++) {
    let counted = 0;
    const reader = createEventReader({
      event: () => expect.unreachable('a text'),
      counted: () => counted++,
      comment() {},
      tooLong: (message) => expect.unreachable(message),
    });
    reader.feed(bytes, 0, to);
    expect([to, counted]).toEqual([to, to < 13 ? 0 : to < bytes.length ? 1 : 2]);
    reader.close();
  }
});
