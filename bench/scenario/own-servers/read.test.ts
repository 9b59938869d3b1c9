import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { plainRequest } from '../request-options.ts';
import { ownServerInFile, ownServerInWords } from './read.ts';
import type { OwnServerInFile } from './schema.ts';

const url = 'http://me:pw@127.0.0.1:3000/event?ticket=abc';
const shownUrl = 'http://127.0.0.1:3000/event?ticket=hidden';
const folder = mkdtempSync(join(tmpdir(), 'ssebench-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Each option has one mention. */
function inWords(options: Record<string, string | true>, ...command: string[]) {
  const complaints: string[] = [];
  const mentions = Object.entries(options).map(([name, text]) => [name, [text]] as const);
  const server = ownServerInWords(
    Object.fromEntries(mentions),
    command,
    [],
    null,
    (complaint) => void complaints.push(complaint),
  );
  return { server, complaints };
}

function inFile(server: Omit<OwnServerInFile, 'at'>) {
  const complaints: string[] = [];
  const read = ownServerInFile(
    { ...server, at: 'it: servers[1]' },
    500,
    (complaint) => void complaints.push(complaint),
  );
  return { server: read, complaints };
}

describe('on a command line', () => {
  test('a URL alone is measured from outside', () => {
    expect(inWords({ url }).server).toEqual({
      kind: 'url',
      name: shownUrl,
      url,
      intervalMs: null,
      request: plainRequest,
      process: null,
    });
  });

  test('a server has a name, and a pid or a command', () => {
    const pid = String(process.pid);
    expect(inWords({ url, name: 'new', pid }).server).toMatchObject({
      name: 'new',
      process: { kind: 'pid', pid: process.pid },
    });
    expect(inWords({ url, readyWithin: '5s' }, 'sh', '-c', 'exit').server).toMatchObject({
      name: shownUrl,
      process: {
        kind: 'command',
        command: ['sh', '-c', 'exit'],
        cwd: null,
        env: {},
        readyWhen: null,
        readyWithinMs: 5_000,
      },
    });
  });

  const missing =
    '--url is missing: give the URL of the server’s stream, such as --url http://127.0.0.1:3000/event';
  test.each<[string, Parameters<typeof inWords>, string[]]>([
    ['a command alone', [{}, 'sh'], [missing]],
    ['a name alone', [{ name: 'new' }], [missing]],
    [
      'a URL and a pid that are none',
      [{ url: 'x', pid: 'y' }],
      [
        '--url x: must be a URL that begins with http:// or https://',
        '--pid y: must be a process id, such as --pid 4711',
      ],
    ],
    [
      'a pid with a command',
      [{ url, pid: String(process.pid) }, 'sh'],
      [
        '--pid is for a server that already runs, and the command after -- starts one; leave out one of them',
      ],
    ],
    [
      'a time without a command',
      [{ url, readyWithin: '5s' }],
      ['--ready-within 5s: has no effect without the command after --; add it, or leave this out'],
    ],
    [
      'a program that does not exist',
      [{ url }, 'no-such-program', '--token=abc'],
      ['-- no-such-program …: no such program in PATH; check its name, or give its path'],
    ],
    [
      'a variable before the program',
      [{ url }, 'TOKEN=abc', 'node', 'server.js'],
      [
        '-- TOKEN=hidden … server.js: is a variable and no program; begin with env, such as env PORT=3000 node server.js',
      ],
    ],
    ['an empty program', [{ url }, ''], ["-- '': has no program; give one, such as node"]],
    [
      'an option after --',
      [{ url }, '--token=abc'],
      [
        '--token: is after --, where the command of a server begins; write options before --, or leave the -- out',
      ],
    ],
    [
      'the name of a reference server',
      [{ url, name: 'express' }],
      ['--name express: is the name of a reference server; choose another name'],
    ],
    [
      'a name like a URL',
      [{ url, name: 'http://me:pw@h/' }],
      [
        '--name http://h/: must be a name of at most 60 letters, digits, blanks and . _ + - / ( ), such as --name new',
      ],
    ],
  ])('%s is refused', (_about, words, complaints) => {
    expect(inWords(...words)).toEqual({ server: undefined, complaints });
  });
});

describe('in a config file', () => {
  test('a server has its own folder, variables, headers, interval and paths', () => {
    const { server } = inFile({
      name: 'old',
      url,
      command: "sh -c 'exec server'",
      cwd: folder,
      env: { PORT: '3000' },
      headers: { Authorization: 'Bearer abc' },
      readyWhen: 'listening',
      readyWithin: '1m',
      interval: '2s',
      sequence: 'meta.seq',
      byEvent: true,
    });
    expect(server).toEqual({
      kind: 'url',
      name: 'old',
      url,
      intervalMs: 2_000,
      request: { ...plainRequest, headers: { authorization: 'Bearer abc' } },
      process: {
        kind: 'command',
        command: ['sh', '-c', 'exec server'],
        cwd: folder,
        env: { PORT: '3000' },
        readyWhen: 'listening',
        readyWithinMs: 60_000,
      },
      events: { sequence: 'meta.seq', byEvent: true },
    });
  });

  test('a list of words is not split, and the interval of the run is the default', () => {
    const { server } = inFile({ name: 'old', url, command: ['sh', '-c', 'a | b'] });
    expect(server).toMatchObject({ intervalMs: 500, process: { command: ['sh', '-c', 'a | b'] } });
  });

  test.each<[string, Omit<OwnServerInFile, 'at' | 'name' | 'url'>, string[]]>([
    [
      'a command for a shell',
      { command: 'TOKEN=abc node server.js > log' },
      ['it: servers[1].command: has >, which only a shell understands'],
    ],
    [
      'a pid and a command',
      { command: 'sh', pid: process.pid },
      [
        'it: servers[1].pid is for a server that already runs, and its command starts one; leave out one of them',
      ],
    ],
    [
      'keys that need a command',
      { cwd: folder, env: { TOKEN: 'abc' }, readyWhen: 'up', readyWithin: '1s' },
      [
        "it: servers[1].readyWithin '1s': has no effect without its command",
        `it: servers[1].cwd ${folder}: has no effect`,
        'it: servers[1].env: has no effect',
        'it: servers[1].readyWhen up: has no effect',
      ],
    ],
    [
      'a folder that does not exist',
      { command: 'sh', cwd: join(folder, 'none') },
      [`it: servers[1].cwd ${join(folder, 'none')}: no such folder; check the path`],
    ],
    [
      'a program that the folder does not have',
      { command: './server --token abc', cwd: folder },
      [`it: servers[1].command ./server …: no such program in ${folder}; check its path`],
    ],
    [
      'a header that cannot be sent',
      { headers: { Authorization: 'a\nb' } },
      [
        'it: servers[1].headers Authorization: (not saved): must be a name without spaces, and a value of Latin letters in one line, such as headers: { "Authorization": "Bearer abc" }',
      ],
    ],
    [
      'a path that is none',
      { sequence: 'a b', stamp: '' },
      [
        'it: servers[1].sequence a b: not a JMESPath: unexpected "b" at character 3',
        "it: servers[1].stamp '': must be a JMESPath into the JSON data of an event",
      ],
    ],
    [
      'a process that does not exist',
      { pid: 4_194_304 },
      ['it: servers[1].pid 4194304: no such process; start the server first'],
    ],
  ])('%s is refused', (_about, server, complaints) => {
    const read = inFile({ name: 'old', url, ...server });
    expect(read.server).toBeUndefined();
    expect(read.complaints).toEqual(complaints.map((each) => expect.stringContaining(each)));
    expect(read.complaints.join()).not.toContain('abc node');
  });
});
