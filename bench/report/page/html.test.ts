import { expect, test } from 'vitest';
import { html, jsonMarkup, trusted } from './html.ts';

test('what is put in is escaped, between tags and in attributes', () => {
  const name = `<img src=x onerror="alert(1)">'&`;
  expect(html`<p title="${name}">${name}</p>`.markup).toBe(
    '<p title="&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&#39;&amp;">&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&#39;&amp;</p>',
  );
});

test('markup stays markup, lists are put together, and nothing is nothing', () => {
  expect(
    html`${[html`<b>${'a<b'}</b>`, trusted('<hr>'), 7, 0]}${null}${undefined}${false}`.markup,
  ).toBe('<b>a&lt;b</b><hr>70');
});

test('what would turn text around, or steer anything, is left out', () => {
  expect(html`${'a\u202eb\u0000c\nd'}`.markup).toBe('a b c d');
});

test('JSON ends no script', () => {
  const value = { a: '</script><!--', b: '\u2028' };
  const { markup } = jsonMarkup(value);
  expect(markup).not.toMatch(/[<\u2028]/);
  expect(JSON.parse(markup)).toEqual(value);
});
