import { describe, expect, test } from 'vitest';
import { valueOf } from './complaint.ts';
import { readConfig } from './config.ts';
import { eventOptions } from './event-options.ts';
import { readRunRequest } from './request.ts';
import { eventsOf } from './server-settings.ts';

const url = 'http://127.0.0.1:3000/event';
const limits = { cores: 2, descriptors: 20_000, ports: 28_000, memoryBytes: 24e9 } as never;
const request = (options: Record<string, (string | true)[]>, servers = [url]) =>
  readRunRequest({ servers, options, headers: [], expect: [] }, limits);
const complaintsOf = (...given: Parameters<typeof request>) => {
  const read = request(...given);
  return read.ok ? [] : read.complaints;
};

describe('the paths of one server in a config file', () => {
  const own = (events: object) => ({ name: 'app', url, at: 'it: servers[0]', ...events });
  const withOwn = (events: object, options = {}) =>
    readRunRequest(
      { servers: ['app'], ownServers: [own(events)], options, headers: [], expect: [] },
      limits,
    );

  test('override those of all servers', () => {
    const read = withOwn({ sequence: 'n', byEvent: false }, { sequence: ['id'], byEvent: [true] });
    const { serversUnderTest, scenario } = valueOf(read);
    expect(eventsOf(serversUnderTest[0]!, scenario)).toEqual({
      sequence: 'n',
      sequenceOf: null,
      stamp: null,
      byEvent: false,
    });
  });

  test('sequenceOf needs a sequence, its own or that of all servers', () => {
    expect(withOwn({ sequenceOf: 'feed' })).toMatchObject({
      complaints: [
        'sequenceOf feed of app: has no effect without a sequence; give the path of the number, such as sequence: "meta.seq"',
      ],
    });
    const ways = [
      withOwn({ sequenceOf: 'feed', sequence: 'id' }),
      withOwn({ sequenceOf: 'feed' }, { sequence: ['id'] }),
      withOwn({ sequence: 'id' }, { sequenceOf: ['feed'] }),
    ];
    expect(ways).toEqual(ways.map(() => expect.objectContaining({ ok: true })));
  });
});

describe('a path', () => {
  test.each(['id', 'event', 'seq', 'meta.seq', 'a[0].b || c', '"seq-no"', 'length(list)', '@'])(
    '%s is valid',
    (path) => expect(eventOptions.sequence.check(path, String)).toEqual({ ok: true, value: path }),
  );

  test.each([
    ['a..b', 'not a JMESPath: unexpected "." at character 3; give a path such as meta.seq'],
    ['a b', 'not a JMESPath: unexpected "b" at character 3; give a path such as meta.seq'],
    ['a[', 'not a JMESPath: it ends too early, after character 2; give a path such as meta.seq'],
    ['"a b".c.]', 'not a JMESPath: unexpected "]" at character 9; give a path such as meta.seq'],
    ['foo(a)', 'not a JMESPath: unknown function: foo(); see jmespath.org for its functions'],
    [
      'meta.seq-no',
      `JMESPath subtracts at a hyphen; put the key in double quotes, such as 'meta."seq-no"'`,
    ],
  ])('%s is invalid, with the place', (path, reason) =>
    expect(complaintsOf({ sequence: [path] })).toEqual([`--sequence ${path}: ${reason}`]),
  );

  test('a missing path is invalid', () =>
    expect(complaintsOf({ stamp: [true] })).toEqual([
      '--stamp: must be a JMESPath into the JSON data of an event, or id or event, such as --stamp meta.sentAt',
    ]));
});

test('the options become a part of the scenario', () => {
  const read = request({ sequence: ['id'], stamp: ['at'], sequenceOf: ['feed'], byEvent: [true] });
  expect(read).toMatchObject({
    ok: true,
    value: {
      scenario: { events: { sequence: 'id', stamp: 'at', sequenceOf: 'feed', byEvent: true } },
    },
  });
});

test('--sequence-of needs --sequence, which may be invalid', () => {
  expect(complaintsOf({ sequenceOf: ['feed'] })).toEqual([
    '--sequence-of feed: has no effect without --sequence; give the path of the number, such as --sequence meta.seq',
  ]);
  expect(complaintsOf({ sequenceOf: ['feed'], sequence: ['a..b'] })).toHaveLength(1);
});

test('reference servers have their own counter, alone or beside a URL', () => {
  expect(complaintsOf({ sequence: ['id'], stamp: ['at'] }, ['express'])).toEqual([
    '--sequence id: reference servers have a counter and stamps of their own, which ssebench reads; name a URL, or leave it out',
    '--stamp at: reference servers have a counter and stamps of their own, which ssebench reads; name a URL, or leave it out',
  ]);
  expect(complaintsOf({ sequence: ['id'] }, ['express', url])).toEqual([]);
});

test('a config file has the same keys', () => {
  const { words, complaints } = readConfig('f', {
    sequence: 'meta.seq',
    stamp: 'a..b',
    byEvent: true,
  });
  expect(words.options).toEqual({ sequence: ['meta.seq'], byEvent: ['true'] });
  expect(complaints).toEqual([
    'f: stamp "a..b": must be a JMESPath into the JSON data of an event, or id or event, such as "meta.sentAt"',
  ]);
  const read = request({ ...words.options, byEvent: ['false'] } as never);
  expect(read).toMatchObject({ value: { scenario: { events: { byEvent: false } } } });
});
