import { describe, expect, test } from 'vitest';
import { createTail } from './shutdown-streams.ts';

const endsInEvent = (...chunks: string[]) => {
  const tail = createTail();
  for (const chunk of chunks) tail.feed(Buffer.from(chunk));
  return tail.isInEvent();
};

describe('between two events', () => {
  test.each([
    ['no data', ['']],
    ['LF', ['data: 1\n\n']],
    ['CR LF', ['data: 1\r\n\r\n']],
    ['CR', ['data: 1\r\r']],
    ['an empty line in two pieces', ['data: 1\n', '\n']],
    ['an empty line of CR LF in four pieces', ['data: 1\r', '\n', '\r', '\n']],
    ['a comment and a part of another', ['data: 1\n\n: ping\n', ': pi']],
    ['a complete long event', [`data: ${'x'.repeat(9_000)}`, '\n\n']],
  ])('%s', (_what, chunks) => expect(endsInEvent(...chunks)).toBe(false));
});

describe('within an event', () => {
  test.each([
    ['a part of a field', ['data: 1\n\nda']],
    ['a whole line without an empty line', ['data: 1\n']],
    ['CR LF, which is a single line ending', ['data: 1\r\n']],
    ['CR and LF in two pieces', ['data: 1\r', '\n']],
    ['an event after a comment', [': ping\n', 'data: 1']],
    ['a long event', [`data: ${'x'.repeat(9_000)}`, 'x']],
  ])('%s', (_what, chunks) => expect(endsInEvent(...chunks)).toBe(true));
});
