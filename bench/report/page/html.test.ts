import { expect, test } from 'vitest';
import { html, jsonMarkup, trusted } from './html.ts';

test('inserted text is escaped, between tags and in attributes', () => {
  const name = `<img src=x onerror="alert(1)">'&`;
  expect(html`<p title="${name}">${name}</p>`.markup).toBe(
    '<p title="&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&#39;&amp;">&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&#39;&amp;</p>',
  );
});

test('markup is kept, lists are joined, and empty values give no text', () => {
  expect(
    html`${[html`<b>${'a<b'}</b>`, trusted('<hr>'), 7, 0]}${null}${undefined}${false}`.markup,
  ).toBe('<b>a&lt;b</b><hr>70');
});

test('control characters and direction marks are removed', () => {
  expect(html`${'a\u202eb\u0000c\nd'}`.markup).toBe('a b c d');
});

test('JSON cannot end a script', () => {
  const value = { a: '</script><!--', b: '\u2028' };
  const { markup } = jsonMarkup(value);
  expect(markup).not.toMatch(/[<\u2028]/);
  expect(JSON.parse(markup)).toEqual(value);
});
