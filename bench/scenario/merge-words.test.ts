import { describe, expect, test } from 'vitest';
import { readConfig } from './config.ts';
import { withConfig, withFile, withNamedScenario } from './merge-words.ts';
import type { RunWords } from './run-words.ts';

const file = 'ssebench.config.ts';

test('own servers of a file can be selected by their names, and a server of the command line replaces the list', () => {
  const old = { name: 'old', url: 'http://127.0.0.1:3000/', command: ['node', 'server.js'] };
  const { words: saved, complaints: none } = readConfig(file, { servers: [old, 'koa'] });
  expect(none).toEqual([]);
  expect(saved.servers).toEqual(['old', 'koa']);
  const typed: RunWords = { servers: [], options: {}, headers: [], expect: [] };
  const { ownServers } = saved;
  expect(withFile(typed, saved)).toMatchObject({ servers: ['old', 'koa'], ownServers });
  expect(withFile({ ...typed, servers: ['old'] }, saved)).toMatchObject({
    servers: ['old'],
    ownServers,
  });
  const url = { ...typed, options: { url: ['http://127.0.0.1:1/'] } };
  expect(withFile(url, saved).servers).toEqual([]);
  expect(withFile({ ...typed, command: ['node'] }, saved).servers).toEqual([]);
});

test('--scenario on the command line replaces the load of the file, but a scenario in the file does not', () => {
  const none: RunWords = { servers: [], options: {}, headers: [], expect: [] };
  const saved: RunWords = {
    servers: ['koa'],
    options: { rounds: ['6'], streams: ['5'], against: ['koa'] },
    headers: ['A: file'],
    expect: ['missing = 0'],
  };
  const typed = { ...none, options: { scenario: ['churn'], duration: ['3s'] } };
  expect(withFile(typed, saved)).toEqual({
    servers: ['koa'],
    options: { scenario: ['churn'], duration: ['3s'], against: ['koa'] },
    headers: ['A: file'],
    expect: [],
  });
  expect(
    withFile(
      { ...none, options: { rounds: ['2'] } },
      { ...saved, options: { scenario: ['churn'], rounds: ['6'] } },
    ).options,
  ).toEqual({ scenario: ['churn'], rounds: ['2'] });
});

describe('the command line overrides the file', () => {
  const words = (overrides: Partial<RunWords>): RunWords => ({
    servers: [],
    options: {},
    headers: [],
    expect: [],
    ...overrides,
  });
  const config = words({
    servers: ['koa'],
    options: { streams: ['500'], rounds: ['6'] },
    headers: ['A: file'],
    expect: ['missing = 0'],
  });

  test('option by option', () => {
    const typed = words({ options: { streams: ['10'], seed: undefined } });
    expect(withConfig(typed, config)).toEqual({
      ...config,
      options: { streams: ['10'], rounds: ['6'] },
    });
  });

  test('list by list', () => {
    const typed = words({ servers: ['hono'], headers: ['B: typed'], expect: ['failed = 0'] });
    expect(withConfig(typed, config)).toEqual({ ...typed, options: config.options });
  });
});

test('capacity expects little lag of own servers whose intervals are all known', () => {
  const url = 'http://127.0.0.1:3000/';
  const own = (name: string, interval?: string) => ({
    at: name,
    name,
    url,
    ...(interval && { interval }),
  });
  const ownServers = [own('old', '1s'), own('new', '2s'), own('other')];
  const lag = 'lag.p99 < 50ms';
  const expected = (servers: string[], options: RunWords['options'] = {}) =>
    withNamedScenario({
      servers,
      ownServers,
      options: { scenario: ['capacity'], ...options },
      headers: [],
      expect: [],
    }).expect;
  expect(expected(['old', 'new'])).toContain(lag);
  expect(expected(['old', 'other'])).not.toContain(lag);
  expect(expected(['old', url])).not.toContain(lag);
  expect(expected(['old'], { url: [url] })).not.toContain(lag);
  expect(expected(['other', url], { interval: ['1s'] })).toContain(lag);
});
