import { ServerResponse, type IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { keepersAmong } from './keepers-within.ts';

const dead = () => new ServerResponse({ method: 'GET' } as IncomingMessage).destroy();

test('the kinds of collections that hold ended responses are found', () => {
  const responses = [dead(), dead()] as const;
  const among = (...collections: object[]) => keepersAmong([...responses, ...collections]);
  expect(among(new Set(responses), new Set())).toEqual(['a Set']);
  expect(among(new Map([[1, responses[0]]]))).toEqual(['a Map']);
  expect(among([...responses])).toEqual(['an array']);
  expect(among([responses[0]])).toEqual([]);
});

test('no code of the program runs', () => {
  const fail = () => {
    throw new Error('ran');
  };
  class Rooms extends Set {
    override [Symbol.iterator] = fail;
  }
  class List extends Array {
    override filter = fail;
  }
  const response = dead();
  const values = [new Proxy({}, { get: fail, has: fail }), response, response];
  expect(keepersAmong([response, new Rooms(values), List.from(values)])).toEqual([
    'a Set',
    'an array',
  ]);
});
