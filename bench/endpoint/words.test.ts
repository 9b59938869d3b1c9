/** The servers of a check: from the command line, or from the config file. */
import { describe, expect, test } from 'vitest';
import { complaintsOf, valueOf } from '../scenario/complaint.ts';
import { readCheckWords, type CheckWords } from './words.ts';

const url = 'http://127.0.0.1:3000/event';
const own = {
  name: 'mine',
  url,
  command: [process.execPath, 'server.js'],
  headers: { 'X-A': 'own' },
  at: 'ssebench.config.ts: servers[1]',
};
const file = { listed: ['express', 'mine', 'http://127.0.0.1:4000/'], ownServers: [own] };
const read = (words: Partial<CheckWords>) => readCheckWords({ names: [], options: {}, ...words });

test('without a URL, the servers of the config file are checked, but no reference servers', () => {
  const { endpoints } = valueOf(read({ ...file, options: { header: ['X-A: b', 'X-B: c'] } }));
  expect(endpoints).toMatchObject([
    {
      name: 'mine',
      endpoint: { url, request: { headers: { 'x-a': 'own', 'x-b': 'c' } } },
      process: { kind: 'command', command: own.command },
    },
    {
      endpoint: { url: 'http://127.0.0.1:4000/', request: { headers: { 'x-a': 'b' } } },
      process: null,
    },
  ]);
});

test('a URL replaces the servers of the config file', () => {
  expect(valueOf(read({ ...file, names: ['http://127.0.0.1:5000/'] })).endpoints).toMatchObject([
    { endpoint: { url: 'http://127.0.0.1:5000/' }, process: null },
  ]);
});

test('the name of a server of the config file stands for it', () => {
  expect(valueOf(read({ ...file, names: ['mine'] })).endpoints).toMatchObject([
    { name: 'mine', endpoint: { url }, process: { kind: 'command' } },
  ]);
});

test('a command on the command line replaces that of the file, and its headers remain', () => {
  const command = [process.execPath, 'other.js'];
  expect(valueOf(read({ ...file, names: ['mine'], command })).endpoints).toMatchObject([
    {
      name: 'mine',
      endpoint: { url, request: { headers: { 'x-a': 'own' } } },
      process: { kind: 'command', command },
    },
  ]);
});

test('a process that runs is given by its pid', () => {
  expect(
    valueOf(read({ names: [url], options: { pid: [String(process.pid)] } })).endpoints,
  ).toMatchObject([{ process: { kind: 'pid', pid: process.pid } }]);
});

test.each([[[]], [['mine']]])('an invalid file may have the server %j', (names) => {
  expect(complaintsOf(read({ names, lacksServers: true }))).toEqual([]);
  expect(complaintsOf(read({ names }))).toHaveLength(1);
});

describe('a complaint', () => {
  test.each<[string, Partial<CheckWords>, readonly string[]]>([
    [
      'about a file with reference servers only',
      { listed: ['express', 'koa'] },
      [
        'check: the config file lists only reference servers (express, koa); add your own server, or give a URL, such as http://127.0.0.1:3000/event',
      ],
    ],
    [
      'about a server of the file',
      { listed: ['mine', 'expres'], ownServers: [{ ...own, command: ['/nowhere/x'] }] },
      [
        expect.stringContaining('servers[1].command /nowhere/x: no such program') as string,
        'expres: no such server; did you mean express?',
      ],
    ],
    [
      'about a command without a URL, although the file has servers',
      { ...file, command: [process.execPath] },
      [
        'check: no URL is given; add one, such as http://127.0.0.1:3000/event, or list your servers in ssebench.config.ts',
      ],
    ],
    [
      'about a process that does not exist',
      { names: [url], options: { pid: ['999999999'] } },
      ['--pid 999999999: no such process; start the server first'],
    ],
    [
      'about a process and a command',
      { names: [url], command: [process.execPath], options: { pid: [String(process.pid)] } },
      [
        '--pid is for a server that already runs, and the command after -- starts one; leave out one of them',
      ],
    ],
  ])('%s', (_name, words, complaints) => {
    expect(complaintsOf(read(words))).toEqual(complaints);
  });
});
