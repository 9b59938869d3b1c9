import { expect, test } from 'vitest';
import { paragraph, rows, sectionText, widthIn } from './text-layout.ts';

test.each([
  ['one two three', 20, 0, 'one two three'],
  ['one two three', 7, 0, 'one two\nthree'],
  ['one two three', 7, 2, '  one\n  two\n  three'],
  ['a http://127.0.0.1:3000/event b', 10, 0, 'a\nhttp://127.0.0.1:3000/event\nb'],
  ['', 10, 2, ''],
])('%j in lines of %d, indented by %d', (text, width, indent, expected) =>
  expect(paragraph(text, width, indent)).toBe(expected),
);

test('meanings align after the longest term that fits, and wrap there', () => {
  const entries = [
    ['-a', 'first'],
    ['--long', 'a second meaning of many words'],
    ['--longest-of-all', 'third'],
    ['alone', ''],
  ] as const;
  expect(rows(entries, { width: 32, longestTerm: 8 })).toBe(
    [
      '  -a      first',
      '  --long  a second meaning of',
      '          many words',
      '  --longest-of-all',
      '          third',
      '  alone',
    ].join('\n'),
  );
});

test('several tables align by a common width', () =>
  expect(rows([['-a', 'first']], { width: 40, leastTerm: 6 })).toBe('  -a      first'));

test('a section has a title, paragraphs and rows', () =>
  expect(sectionText({ title: 'Title', text: ['one two'], rows: [['a', 'b']] }, 6)).toBe(
    'Title:\n  one\n  two\n  a  b',
  ));

test.each([
  [80, 80],
  [200, 100],
  [Infinity, 100],
])('a terminal of %d columns has help of %d', (columns, width) =>
  expect(widthIn(columns)).toBe(width),
);
