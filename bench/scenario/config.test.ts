import { describe, expect, test, vi } from 'vitest';
import { configJsonSchema } from '../commands/config-schema.ts';
import { defineConfig } from '../index.ts';
import { configSchema, readConfig, inFile } from './config.ts';
import { withFile } from './merge-words.ts';
import { ownServerInFile } from './own-servers/read.ts';
import { runOptions } from './options.ts';
import type { RunWords } from './run-words.ts';

const file = 'ssebench.config.ts';
const complaints = (exported: unknown) => readConfig(file, exported).complaints;

test('a config file becomes the words of a command line', () => {
  const config = defineConfig({
    servers: ['express', 'hono'],
    streams: 500,
    interval: '50ms',
    quietStreams: 0,
    disconnect: 'reset',
    against: 'hono',
    headers: { Authorization: 'Bearer abc' },
    expect: ['delivery.p99 < 50ms'],
  });
  expect(readConfig(file, config)).toEqual({
    words: {
      servers: ['express', 'hono'],
      options: {
        streams: ['500'],
        interval: ['50ms'],
        quietStreams: ['0'],
        disconnect: ['reset'],
        against: ['hono'],
      },
      headers: ['Authorization: Bearer abc'],
      expect: ['delivery.p99 < 50ms'],
    },
    complaints: [],
  });
  expect(readConfig(file, {})).toEqual({
    words: { servers: [], options: {}, headers: [], expect: [] },
    complaints: [],
  });
});

test.each([
  [{ servers: ['koa', { name: 'mine' }] }, true],
  [{ servers: 'koa' }, true],
  ['koa', true],
  [{ servers: ['koa'], streams: 'many' }, undefined],
])('the servers of %j are incomplete: %j', (exported, lacksServers) =>
  expect(readConfig(file, exported).words.lacksServers).toBe(lacksServers),
);

test.each<[unknown, string]>([
  [
    undefined,
    `${file}: must have an object as its default export, such as export default defineConfig({ streams: 500 })`,
  ],
  [
    [],
    `${file}: must have an object as its default export, such as export default defineConfig({ streams: 500 })`,
  ],
  [
    { streams: '500' },
    `${file}: streams "500": must be a whole number from 1 to 1,000,000, such as 1000`,
  ],
  [{ streams: 0 }, `${file}: streams 0: must be a whole number from 1 to 1,000,000, such as 1000`],
  [
    { interval: 100 },
    `${file}: interval 100: must be a duration with its unit, in whole milliseconds, from 0ms to 24h, such as "100ms"`,
  ],
  [
    { lifetime: '0ms' },
    `${file}: lifetime "0ms": must be a duration with its unit, in whole milliseconds, from 1ms to 24h, such as "2s"`,
  ],
  [{ disconnect: 'rst' }, `${file}: disconnect "rst": must be fin, reset, half-close or kill`],
  [
    { servers: 'express' },
    `${file}: servers: must be a list of names, URLs and own servers, such as ["express", "hono"]`,
  ],
  [
    { headers: { Cookie: 7 } },
    `${file}: headers: must be names of headers and their values, such as { "Authorization": "Bearer abc" }`,
  ],
  [
    { expect: [1] },
    `${file}: expect [1]: must be a list of expectations, such as ["delivery.p99 < 50ms"]`,
  ],
  [{ stream: 5 }, `${file}: stream: unknown key; did you mean streams?`],
  [{ 'quiet-streams': 5 }, `${file}: quiet-streams: unknown key; did you mean quietStreams?`],
  [
    { zzzzzzzz: 5 },
    `${file}: zzzzzzzz: unknown key; choose from ${Object.keys(configSchema.shape).join(', ')}`,
  ],
])('%j is refused', (exported, complaint) => expect(complaints(exported)).toEqual([complaint]));

test('reports all invalid keys at once, and reads the valid ones', () => {
  const { words, complaints: all } = readConfig(file, {
    streams: 0,
    interval: 'soon',
    nonsense: 1,
    rounds: 6,
  });
  expect(all).toHaveLength(3);
  expect(words.options).toEqual({ rounds: ['6'] });
});

test('the schema for editors describes every option and forbids other keys', () => {
  const schema = configJsonSchema() as {
    properties: Record<string, { description: string }>;
    additionalProperties: boolean;
    required?: string[];
  };
  expect(schema).toMatchObject({ additionalProperties: false });
  expect(schema.required ?? []).toEqual([]);
  for (const [name, { about }] of Object.entries(runOptions))
    expect(schema.properties[name]).toMatchObject({ description: inFile(about) });
  expect(schema.properties.streams).toMatchObject({
    type: 'integer',
    minimum: 1,
    maximum: 1_000_000,
  });
});

describe('requests', () => {
  const keys = {
    method: 'POST',
    headers: { A: '$B' },
    cookies: { c: '$D' },
    body: { e: '$F' },
    follow: true,
    insecure: false,
    allowRemote: true,
  };
  const others = { method: ['POST'], follow: [true], allowRemote: [true] };

  test('in a program keep their dollars', () =>
    expect(readConfig('ssebench.config.ts', keys)).toEqual({
      complaints: [],
      words: {
        servers: [],
        headers: ['A: $$B'],
        expect: [],
        options: { ...others, cookie: ['c=$$D'], body: ['{"e":"$$F"}'] },
      },
    }));

  test('in a JSON file name variables as on the command line', () =>
    expect(readConfig('ssebench.config.json', keys).words).toMatchObject({
      headers: ['A: $B'],
      options: { ...others, cookie: ['c=$D'], body: ['{"e":"$F"}'] },
    }));

  test('of one server have their own headers, under the same rule', () => {
    vi.stubEnv('B', 's3cret');
    const own = { name: 'new', url: 'http://127.0.0.1:3000/event', headers: { A: '$B' } };
    const headersIn = (name: string) => {
      const { words } = readConfig(name, { servers: [own] });
      return ownServerInFile(words.ownServers![0]!, null, () => {})!.request.headers;
    };
    expect(headersIn('ssebench.config.ts')).toEqual({ a: '$B' });
    expect(headersIn('ssebench.config.json')).toEqual({ a: 's3cret' });
    vi.unstubAllEnvs();
  });

  test('remain with --scenario on the command line', () => {
    const saved = readConfig(file, { ...keys, streams: 5 }).words;
    const typed: RunWords = {
      servers: [],
      options: { scenario: ['churn'] },
      headers: [],
      expect: [],
    };
    expect(withFile(typed, saved).options).toEqual({
      ...saved.options,
      streams: undefined,
      ...typed.options,
    });
  });

  test.each([
    [{ cookies: { a: 's3cret', b: 1 } }, 'cookies: must be names of cookies'],
    [{ body: 7 }, 'body: must be a text, or an object'],
    [{ follow: 'yes' }, 'follow "yes": must be true or false'],
    [{ rows: '' }, 'rows "": must be a CSV or JSONL file'],
  ])('%j is refused', (exported, complaint) =>
    expect(readConfig(file, exported).complaints).toEqual([
      expect.stringContaining(`${file}: ${complaint}`),
    ]),
  );
});
