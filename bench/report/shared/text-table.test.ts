import { expect, test } from 'vitest';
import { layOut } from './text-table.ts';

const names = { title: ['server'], cells: ['koa', 'better-sse'] };
const columns = [
  { title: ['delivery p99', 'ms'], cells: ['1.20', '10.3 (9–11)'] },
  { title: ['held', ''], cells: ['0', '12'] },
];
const text = (width: number) => layOut(names, columns, width).map((line) => line.text);

test('names on the left, figures flush right, titles of two lines', () => {
  expect(text(Infinity)).toEqual([
    'server       delivery p99   held',
    '                       ms',
    'koa                  1.20      0',
    'better-sse    10.3 (9–11)     12',
  ]);
});

test('columns that do not fit continue below, with the same names', () => {
  expect(text(30)).toEqual([
    'server       delivery p99',
    '                       ms',
    'koa                  1.20',
    'better-sse    10.3 (9–11)',
    '',
    'server       held',
    'koa             0',
    'better-sse     12',
  ]);
});

test('a column wider than the line is shown', () => expect(text(5)).toHaveLength(8));

test('titles are marked', () => {
  expect(layOut(names, columns, Infinity).map(({ title }) => title)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
