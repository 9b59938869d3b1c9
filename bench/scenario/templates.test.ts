import { expect, test } from 'vitest';
import {
  asWritten,
  bodyFormat,
  compile,
  compileJson,
  inUrl,
  isUnclosed,
  namesIn,
} from './templates.ts';

const rows = [
  { user: 'ann', note: 'a "b"\n' },
  { user: 'bob & co/é', note: '{{user}}' },
];

test.each([
  ['no template', 'plain', ['plain', 'plain', 'plain']],
  ['the number of the stream', '{{i}}', ['0', '1', '2']],
  ['a column; the rows repeat', 'u={{user}}', ['u=ann', 'u=bob & co/é', 'u=ann']],
  ['spaces', '{{ user }}', ['ann', 'bob & co/é', 'ann']],
  ['several', '{{i}}-{{i}}', ['0-0', '1-1', '2-2']],
  ['a value like a template', '{{note}}', ['a "b"\n', '{{user}}', 'a "b"\n']],
  ['an unknown name', '{{toString}}', ['{{toString}}', '{{toString}}', '{{toString}}']],
  ['escaped braces', 'a{{{{i}} {{i}}', ['a{{i}} 0', 'a{{i}} 1', 'a{{i}} 2']],
  ['escaped braces alone', '{{{{', ['{{', '{{', '{{']],
  ['a template in braces', '{{{i}}}', ['{0}', '{1}', '{2}']],
  ['no name', '{{}} {i}', ['{{}} {i}', '{{}} {i}', '{{}} {i}']],
])('%s', (_what, text, expected) => {
  const fill = compile(text, rows, asWritten);
  expect([0, 1, 2].map(fill)).toEqual(expected);
});

test('without rows, only the number has a value', () =>
  expect(compile('{{i}} {{user}}', [], asWritten)(7)).toBe('7 {{user}}'));

test('the number overrides a column of the same name', () =>
  expect(compile('{{i}}', [{ i: 'x' }], asWritten)(3)).toBe('3'));

test('in a URL, a value is one component', () => {
  const fill = compile('http://a/{{user}}?u={{user}}', rows, inUrl);
  expect(fill(1)).toBe('http://a/bob%20%26%20co%2F%C3%A9?u=bob%20%26%20co%2F%C3%A9');
  expect(compile('{{x}}', [{ x: '\ud800' }], inUrl)(0)).toBe('%EF%BF%BD');
});

test('escaped braces are no template, and leave JSON valid', () => {
  const body = '{"text":"{{{{user}} and {{user}}"}';
  expect(namesIn(body, '{{{{i}}')).toEqual(['user']);
  expect(isUnclosed('{{{{user}}')).toBe(false);
  expect(isUnclosed('{{{{{{')).toBe(true);
  expect(bodyFormat(body, undefined)).toBe('json');
  expect(compileJson(body, rows)(0)).toBe('{"text":"{{user}} and ann"}');
});

test('in JSON, a value is escaped within a string only', () => {
  const values = [{ text: '"\\\n', number: '12' }];
  const body = String.raw`{"a\"":"\\","{{text}}":"x{{text}}","n":{{number}},"i":{{i}}}`;
  const text = compileJson(body, values)(5);
  expect(JSON.parse(text)).toEqual({ 'a"': '\\', '"\\\n': 'x"\\\n', n: 12, i: 5 });
});

test('names are listed once, in order', () =>
  expect(namesIn('{{b}}{{i}}', 'no', '{{ b }} {{a b}}')).toEqual(['b', 'i', 'a b']));

test.each([
  ['{"a":{{i}}}', undefined, 'json'],
  ['["{{i}}"]', undefined, 'json'],
  ['a={{i}}', undefined, 'text'],
  ['{"a"', undefined, 'text'],
  ['{"a":1}', 'text/plain', 'text'],
  ['a', 'application/problem+json; charset=utf-8', 'json'],
  ['a={{i}}', 'application/x-www-form-urlencoded', 'form'],
])('the format of %j with Content-Type %j is %s', (body, contentType, format) =>
  expect(bodyFormat(body, contentType)).toBe(format),
);
