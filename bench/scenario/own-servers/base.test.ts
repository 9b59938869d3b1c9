/** `--base`: two versions of a server in one run. */
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readRunRequest } from '../request.ts';
import type { RunWords } from '../run-words.ts';

const url = 'http://127.0.0.1:3000/event';
const limits = { ports: 1e6, descriptors: 1e6, memoryBytes: 2 ** 40, backlog: 1e6 } as never;
const read = (options: RunWords['options'], others: Partial<RunWords> = {}) =>
  readRunRequest(
    {
      servers: [],
      command: [process.execPath, 'server.js'],
      options,
      headers: [],
      expect: [],
      ...others,
    },
    limits,
  );
const complaintsOf = (...given: Parameters<typeof read>) => {
  const found = read(...given);
  return found.ok ? [] : found.complaints;
};
const options = { url: [url], base: ['/'] };

describe('with --base', () => {
  const startsOf = (given: RunWords['options'], others?: Partial<RunWords>) => {
    const found = read(given, others);
    if (!found.ok) throw new Error(found.complaints.join('\n'));
    const { serversUnderTest, against } = found.value;
    return {
      against,
      servers: serversUnderTest.map((server) => [
        server.name,
        server.kind === 'url' && server.process?.kind === 'command'
          ? server.process.cwd
          : undefined,
      ]),
    };
  };

  test('the command starts in both folders, and its own is compared with the other', () =>
    expect(startsOf(options)).toEqual({
      against: 'base',
      servers: [
        ['base', '/'],
        ['head', null],
      ],
    }));

  test('the other version may be in a folder of the current one', () =>
    expect(
      startsOf({ ...options, base: ['bench'] }, { command: ['node', 'cli.ts', '--dir=live'] })
        .servers,
    ).toHaveLength(2));

  test('--name names the own version', () =>
    expect(startsOf({ ...options, name: ['new'] }).servers).toEqual([
      ['base', '/'],
      ['new', null],
    ]));

  test('other servers are compared with it too, unless --against names another', () => {
    expect(startsOf(options, { servers: ['koa'] }).against).toBe('base');
    expect(startsOf({ ...options, against: ['koa'] }, { servers: ['koa'] }).against).toBe('koa');
  });
});

test.each<[string, RunWords['options'], Partial<RunWords>, string]>([
  [
    'a folder that is missing',
    { ...options, base: ['/missing'] },
    {},
    '--base /missing: no such folder',
  ],
  [
    'no folder',
    { ...options, base: [true] },
    {},
    '--base: must be a folder, such as --base ../base',
  ],
  [
    'no command',
    options,
    { command: [] },
    '--base /: starts the command of the server in this folder, but no command is given',
  ],
  [
    'a program that it does not have',
    options,
    { command: ['node_modules/.bin/vitest'] },
    '--base /: no such program in /',
  ],
  [
    'the same version twice',
    options,
    { command: ['node', resolve('dist/server.js')] },
    'is in the current folder, so the command starts the same version in both; write dist/server.js instead',
  ],
  [
    'the same version by an option',
    { ...options, base: ['bench'] },
    { command: ['npm', `--prefix=${resolve('.')}`, 'start'] },
    `--base bench: ${resolve('.')} is in the current folder, so the command starts the same version in both; write . instead`,
  ],
  [
    'the same version by a relative path',
    { ...options, base: ['bench'] },
    { command: ['node', '../dist/server.js'] },
    'write dist/server.js instead',
  ],
  [
    'the same program',
    options,
    { command: [resolve('bench/cli.ts')] },
    'write bench/cli.ts instead',
  ],
  [
    'the current folder',
    { ...options, base: ['bench/..'] },
    {},
    '--base bench/..: is the current folder',
  ],
  ['no URL', { base: ['/'] }, {}, '--url is missing'],
  [
    'no command',
    options,
    { command: [] },
    '--base /: starts the command of the server in this folder, but no command is given; add it after --',
  ],
  [
    'the name of both',
    { ...options, name: ['base'] },
    {},
    '--url base: another server of this run has this name',
  ],
])('refuses %s', (_what, given, others, complaint) =>
  expect(complaintsOf(given, others)).toContainEqual(expect.stringContaining(complaint)),
);
