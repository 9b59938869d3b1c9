import { expect, test } from 'vitest';
import { shortNames } from './short-names.ts';

test('short names are unchanged, and a URL loses its scheme', () => {
  expect(shortNames(['koa', 'better-sse', 'http://127.0.0.1:8011/events'])).toEqual([
    'koa',
    'better-sse',
    '127.0.0.1:8011/events',
  ]);
});

test('a long name keeps its beginning and its end', () => {
  expect(
    shortNames(['https://stream.example.com/v1/events', 'http://other.example.org/v2/updates']),
  ).toEqual(['stream.exam…om/v1/events', 'other.examp…g/v2/updates']);
});

test('names that differ in the middle keep the part in which they differ', () => {
  const url = (tenant: string) =>
    `https://stream.example.com/tenants/${tenant}/notifications?format=json`;
  expect(shortNames([url('acme'), url('globex'), 'koa'])).toEqual([
    '…acme/notifications?for…',
    '…globex/notifications?f…',
    'koa',
  ]);
});

test('names whose differences are too far apart begin with their place', () => {
  const url = (a: string, b: string) =>
    `https://stream.example.com/${a}/notifications/of/all/kinds/${b}/in/one/stream`;
  const short = shortNames([url('a', 'x'), url('a', 'y'), url('b', 'x')]);
  expect(short).toEqual([
    '1: stream.e…n/one/stream',
    '2: stream.e…n/one/stream',
    '3: stream.e…n/one/stream',
  ]);
});
