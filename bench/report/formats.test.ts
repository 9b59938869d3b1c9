import { expect, test } from 'vitest';
import { filesAt, formats, formatsAt, moments, type Moment } from './formats.ts';

test.each<[Moment, string[]]>([
  ['round', ['result.json', 'report.md']],
  ['end', ['result.json', 'report.md', 'report.html']],
  ['report', ['report.md', 'report.html']],
  ['comparison', ['comparison.md']],
])('%s: %j, in this order', (moment, files) =>
  expect(formatsAt(moment).map(({ file }) => file)).toEqual(files),
);

test('every file has one row, and every moment has a file', () => {
  const files = formats.map(({ file }) => file);
  expect(new Set(files).size).toBe(files.length);
  for (const moment of Object.keys(moments) as Moment[])
    expect(formatsAt(moment).length).toBeGreaterThan(0);
});

test('messages name the page first, then the other files', () => {
  expect(filesAt('end')).toEqual({ first: 'report.html', others: 'report.md and result.json' });
  expect(filesAt('report')).toEqual({ first: 'report.html', others: 'report.md' });
});
