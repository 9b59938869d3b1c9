import { expect, test } from 'vitest';
import { readServerList } from './server-list.ts';

const url = 'http://127.0.0.1:3000/event';
const list = (...servers: unknown[]) => readServerList('it', servers);

test('names, URLs and own servers keep their order', () => {
  const old = { name: 'old', url, command: ['node', 'server.js'] };
  expect(list('express', old, url)).toEqual({
    servers: ['express', 'old', url],
    ownServers: [{ ...old, at: 'it: servers[1]' }],
    complaints: [],
  });
  expect(list('express')).toEqual({ servers: ['express'], complaints: [] });
});

test.each([['express'], [7], [{}]])('%j is no list of servers', (servers) =>
  expect(readServerList('it', servers)).toBeUndefined(),
);

test('each wrong entry has its own complaint, besides those about other entries', () => {
  const { servers, complaints } = list('express', 7, ['secret'], null, { name: 'a' })!;
  const must =
    'must be a name of a reference server, a URL, or an own server, such as { "name": "new", "url": "http://127.0.0.1:3000/event" }';
  expect(servers).toEqual(['express']);
  expect(complaints).toEqual([
    `it: servers[1] 7: ${must}`,
    `it: servers[2]: ${must}`,
    `it: servers[3]: ${must}`,
    'it: servers[4].url is missing: it must be a text, such as "http://127.0.0.1:3000/event"',
  ]);
});

test.each<[object, string[]]>([
  [
    {},
    [
      'it: servers[0].name is missing: it must be a text, such as "new"',
      'it: servers[0].url is missing: it must be a text, such as "http://127.0.0.1:3000/event"',
    ],
  ],
  [
    { name: 'a', url, comand: ['x'], cw: 1 },
    [
      'it: servers[0].comand: unknown key; did you mean command?',
      'it: servers[0].cw: unknown key; did you mean cwd?',
    ],
  ],
  [
    { name: 7, url, pid: '4711', interval: '0ms', readyWithin: 5 },
    [
      'it: servers[0].name 7: must be a text, such as "new"',
      'it: servers[0].readyWithin 5: must be a duration with its unit, in whole milliseconds, from 1ms to 24h, such as "60s"',
      'it: servers[0].pid "4711": must be a process id, such as 4711',
      'it: servers[0].interval "0ms": must be a duration with its unit, in whole milliseconds, from 1ms to 24h, such as "100ms"',
    ],
  ],
  [
    { name: 'a', url, command: ['node', 7], env: { TOKEN: 7 }, headers: 'abc', cwd: '' },
    [
      'it: servers[0].command: must be a list of words or a text, such as ["node", "dist/server.js"]',
      'it: servers[0].cwd "": must be a text, such as "../old"',
      'it: servers[0].env: must be names of variables and their texts, such as { "PORT": "3000" }',
      'it: servers[0].headers: must be names of headers and their values, such as { "Authorization": "Bearer abc" }',
    ],
  ],
])('%j is refused with every key', (server, complaints) => {
  expect(list(server)).toEqual({ servers: [], complaints });
});

test('two own servers need two names', () => {
  const old = { name: 'old', url };
  expect(list(old, old)?.complaints).toEqual([
    'it: servers[1].name old: given twice; give each server its own name',
  ]);
});
