import { expect, test } from 'vitest';
import { fromOutside, type OwnProcess, type UrlUnderTest } from '../scenario/scenario.ts';
import { whyNoPorts } from './ports.ts';

const command: OwnProcess = {
  kind: 'command',
  command: ['node', 'server.js'],
  cwd: null,
  env: {},
  readyWhen: null,
  readyWithinMs: 30_000,
};
const server = (name: string, url: string, process: OwnProcess | null): UrlUnderTest => ({
  ...fromOutside(name, url, null),
  process,
});
const here = 'http://127.0.0.1:3000/event';
const mine = server('mine', here, command);
const free = () => [];

test('two commands may share a port, and a URL of another machine may have the same one', () => {
  const others = [
    server('old', here, command),
    server('far', 'http://192.0.2.1:3000/', null),
    server('beside', 'http://127.0.0.1:3001/', { kind: 'pid', pid: 7 }),
  ];
  expect(whyNoPorts([mine, ...others], free)).toEqual([]);
});

test.each<OwnProcess | null>([null, { kind: 'pid', pid: 7 }])(
  'a command cannot share a port with a server that already runs: %j',
  (process) => {
    expect(whyNoPorts([mine, server('old', here, process)], free)).toEqual([
      'mine: old already uses port 3000, so the command cannot listen on it; give one of them another port',
    ]);
  },
);

test('a port that another process uses is reported with that process and what to do', () => {
  const onPort = (port: number) => (port === 80 ? [4711, 4712] : []);
  expect(whyNoPorts([mine, server('web', 'http://localhost/', command)], onPort)).toEqual([
    'web: port 80 is in use by process 4711; end that process, or measure it with --pid 4711 instead of a command',
  ]);
});

test('a server on a Unix socket needs no port', () => {
  const onSocket = { ...mine, request: { ...mine.request, socketPath: '/run/mine' } };
  expect(whyNoPorts([onSocket], () => [4711])).toEqual([]);
});
