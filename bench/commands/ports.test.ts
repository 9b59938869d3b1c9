import { expect, test } from 'vitest';
import { fromOutside, type OwnProcess, type UrlUnderTest } from '../scenario/scenario.ts';
import { listenerOf, whyNoPorts, type Processes } from './ports.ts';

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
const free: Processes = { on: () => [], from: () => [], leaderOf: (pid) => pid };

test('two commands may share a port, and a URL of another machine may have the same one', () => {
  const others = [
    server('old', here, command),
    server('far', 'http://192.0.2.1:3000/', null),
    server('beside', 'http://127.0.0.1:3001/', null),
  ];
  expect(whyNoPorts([mine, ...others], free)).toEqual([]);
});

test('a command cannot share a port with a server that already runs', () => {
  expect(whyNoPorts([mine, server('old', here, null)], free)).toEqual([
    'mine: old already uses port 3000, so the command cannot listen on it; give one of them another port',
  ]);
});

test('a port that another process uses is reported with that process and what to do', () => {
  const on = (port: number) => (port === 80 ? [4711, 4712] : []);
  const web = server('web', 'http://localhost/', command);
  expect(whyNoPorts([mine, web], { ...free, on })).toEqual([
    'web: port 80 is in use by process 4711; end that process, or measure it with --pid 4711 instead of a command',
  ]);
});

test('a server on a Unix socket needs no port', () => {
  const onSocket = { ...mine, request: { ...mine.request, socketPath: '/run/mine' } };
  expect(whyNoPorts([onSocket], { ...free, on: () => [4711] })).toEqual([]);
});

test.each<[pids: number[], reason: string | undefined]>([
  [[7], undefined],
  [[8], undefined],
  [[6, 8], undefined],
  [
    [],
    'process 7 does not listen on port 3000; check the port of the URL, or start the server first',
  ],
  [[6], 'port 3000 belongs to process 6, and not to process 7; give --pid 6'],
])('process 7, which has started process 8, and listeners %j: %s', (pids, reason) => {
  const running = server('it', here, { kind: 'pid', pid: 7 });
  const processes = { ...free, on: () => pids, from: (pid: number) => (pid === 7 ? [8] : []) };
  expect(whyNoPorts([running], processes)).toEqual(reason === undefined ? [] : [`it: ${reason}`]);
});

test('a worker of a cluster is not the whole server, even if it listens itself', () => {
  const running = server('it', here, { kind: 'pid', pid: 7 });
  expect(whyNoPorts([running], { ...free, on: () => [6, 7], leaderOf: () => 6 })).toEqual([
    'it: process 7 is a worker of a cluster (node:cluster), and the other workers serve streams too; give the primary, --pid 6',
  ]);
});

test('a leak check inspects the process that listens, such as the server behind npm', () => {
  const listens = (...pids: number[]) => ({ ...free, on: () => pids, from: () => [8, 9] });
  expect(listenerOf(7, here, listens(9, 20))).toBe(9);
  expect(listenerOf(7, here, listens(7, 9))).toBe(7);
  expect(listenerOf(7, here, listens())).toBe(7);
});
