/** The sections of a config file, and how commands read them. */
import { describe, expect, test } from 'vitest';
import { configJsonSchema, readConfigFile, withSection } from './config-schema.ts';

const file = 'ssebench.config.ts';
const read = (config: object) => readConfigFile(file, config);

test('a section becomes the words of its command', () => {
  expect(
    read({
      leaks: {
        streams: 20,
        modes: ['close', 'early'],
        ignore: ['a.ts:1', 'b.ts:2'],
        deadline: '2s',
        trace: true,
        probe: undefined,
      },
      check: { watch: '65s', origin: 'https://app.example.com', failOn: 'warning' },
      compare: { failOn: 'worse', anyway: false },
    }),
  ).toEqual({
    words: { servers: [], options: {}, headers: [], expect: [] },
    sections: {
      leaks: {
        streams: ['20'],
        modes: ['close,early'],
        ignore: ['a.ts:1', 'b.ts:2'],
        deadline: ['2s'],
        trace: ['true'],
      },
      check: { watch: ['65s'], origin: ['https://app.example.com'], failOn: ['warning'] },
      compare: { failOn: ['worse'], anyway: ['false'] },
    },
    complaints: [],
  });
});

test('values that are not data are refused too', () => {
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  expect(
    read({
      streams: 5n,
      rounds: circular,
      servers: [{ name: () => 'mine', url: 'http://127.0.0.1:3000/', interval: 5n }],
      leaks: { rounds: 6n },
    }).complaints.map((complaint) => complaint.replace(/: must be .*/, '')),
  ).toEqual([
    `${file}: streams 5n`,
    `${file}: rounds <ref *1> { self: [Circular *1] }`,
    `${file}: servers[0].name undefined`,
    `${file}: servers[0].interval 5n`,
    `${file}: leaks.rounds 6n`,
  ]);
});

test('all complaints come at once, with suggestions', () => {
  expect(
    read({
      streems: 5,
      leeks: {},
      leaks: { mode: 'all', modes: ['clsoe'], streams: 0, maxLeakedPerDisconnect: -1 },
      check: { watch: '1s', origin: 'example.com', failon: 'error', modes: 'all' },
      compare: 'worse',
    }).complaints,
  ).toEqual([
    `${file}: streems: unknown key; did you mean streams?`,
    `${file}: leeks: unknown key; did you mean leaks?`,
    `${file}: leaks.mode: unknown key; did you mean modes?`,
    expect.stringMatching(
      /^ssebench\.config\.ts: leaks\.modes \["clsoe"\]: must be "all", or a list/,
    ),
    `${file}: leaks.streams 0: must be a whole number from 1 to 5,000, such as 50`,
    `${file}: leaks.maxLeakedPerDisconnect -1: must be a number of 0 or more, such as 0.1`,
    `${file}: check.watch "1s": must be a duration with its unit, in whole milliseconds, from 5000ms to 24h, such as "65s"`,
    `${file}: check.origin "example.com": must be a protocol and a host without a path, such as "https://app.example.com"`,
    `${file}: check.failon: unknown key; did you mean failOn?`,
    `${file}: check.modes: unknown key; choose from watch, origin, failOn`,
    `${file}: compare: must be an object with options of ssebench compare, or be left out`,
  ]);
});

describe('the words of a command', () => {
  const config = read({
    streams: 500,
    headers: { Authorization: 'Bearer abc' },
    method: 'POST',
    leaks: { streams: 20, deadline: '2s' },
  });

  test('are those of its section, and the requests that all commands share', () => {
    expect(withSection({}, 'leaks', config)).toEqual({
      method: ['POST'],
      header: ['Authorization: Bearer abc'],
      streams: ['20'],
      deadline: ['2s'],
    });
    expect(withSection({}, 'check', config)).not.toHaveProperty('streams');
  });

  test('on the command line override the file', () => {
    const given = { streams: ['5'], header: ['X-A: b'], deadline: undefined };
    expect(withSection(given, 'leaks', config)).toMatchObject({
      streams: ['5'],
      header: ['X-A: b'],
      deadline: ['2s'],
    });
  });
});

test('the JSON Schema has the sections, and no other keys', () => {
  expect(configJsonSchema()).toMatchObject({
    additionalProperties: false,
    properties: {
      streams: { type: 'integer' },
      leaks: { additionalProperties: false, properties: { modes: { anyOf: expect.anything() } } },
      check: { properties: { failOn: { enum: ['error', 'warning'] } } },
      compare: { properties: { anyway: { type: 'boolean' } } },
    },
  });
  // Only an option of the command line is repeatable. In a file, it is a list.
  expect(JSON.stringify(configJsonSchema())).not.toContain('repeatable');
});
