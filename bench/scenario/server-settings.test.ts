import { expect, test } from 'vitest';
import { steady } from '../tests/fixtures/helpers/scenario.ts';
import { noEventOptions } from './event-options.ts';
import { plainRequest } from './request-options.ts';
import { fromOutside, type ServerUnderTest } from './scenario.ts';
import { settingsOf } from './server-settings.ts';

const koa: ServerUnderTest = { kind: 'reference', name: 'koa', file: 'koa.ts' };
const app = fromOutside('app', 'http://127.0.0.1:3000/event', 50);

test('a reference server gets the headers of the scenario, and no paths', () => {
  const events = { ...noEventOptions, sequence: 'seq', byEvent: true };
  const scenario = { ...steady, headers: { 'x-trace': 's3cret' }, events };
  expect(settingsOf([koa], scenario)).toEqual({
    koa: {
      request: { 'header x-trace': '(not saved)' },
      events: { ...noEventOptions, byEvent: true },
    },
  });
});

test('a server of the user has its own request, paths and interval', () => {
  const own = {
    ...app,
    request: { ...plainRequest, method: 'POST' },
    events: { sequence: 'own' },
  };
  const scenario = { ...steady, intervalMs: null, headers: { a: 'b' } };
  expect(settingsOf([own], scenario).app).toEqual({
    request: { method: 'POST', interval: '50ms' },
    events: { ...noEventOptions, sequence: 'own' },
  });
  expect(settingsOf([app], { ...scenario, intervalMs: 50 }).app!.request).toEqual({});
});
