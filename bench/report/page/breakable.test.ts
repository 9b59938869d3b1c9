import { expect, test } from 'vitest';
import { breakable } from './breakable.ts';

test('a URL may break after a slash, a dot, and before each parameter and its value', () => {
  expect(breakable('https://a.example.com/v1/events?x=1&y=2').markup).toBe(
    'https://<wbr>a.<wbr>example.<wbr>com/<wbr>v1/<wbr>events?<wbr>x=<wbr>1&amp;<wbr>y=<wbr>2',
  );
});

test('other names do not break', () => expect(breakable('better-sse').markup).toBe('better-sse'));

test('a part of more than 20 characters may break too', () => {
  expect(breakable(`/${'x'.repeat(45)}`).markup).toBe(
    `/<wbr>${'x'.repeat(20)}<wbr>${'x'.repeat(20)}<wbr>${'x'.repeat(5)}`,
  );
});

test('the text is escaped', () => {
  expect(breakable('/<b>&').markup).toBe('/<wbr>&lt;b&gt;&amp;');
});
