import { expect, test } from 'vitest';
import { skippedMode, type ServerVerdict } from '../../result/leak-result.ts';
import { disconnectModes } from '../../scenario/disconnect-modes.ts';
import { leaksReport } from '../terminal/leaks.ts';
import { leakRows } from './leak-rows.ts';

const [close, reset] = disconnectModes.map((mode) => ({
  ...skippedMode(mode, ''),
  skipped: null,
  disconnects: 150,
}));
const upstreams = [{ address: '127.0.0.1:9000', perDisconnect: 1 }];
const verdict: ServerVerdict = {
  server: 'chat',
  state: 'clean',
  reason: null,
  inspection: 'inspector',
  why: '',
  endedEarly: null,
  modes: [
    { ...close!, work: { lastsMs: 3_010, watchedMs: 3_400, cpuMs: 12.3, timers: 1, upstreams } },
    { ...reset!, work: { lastsMs: 60, watchedMs: 110, cpuMs: 0.02, timers: 0, upstreams: [] } },
  ],
};

test('in a terminal, work that goes on has its line and what to change', () => {
  const [, ...lines] = leaksReport([verdict], { style: (_color, text) => text }).split('\n');
  expect(lines).toEqual([
    '  work  graceful close: after a disconnect the server works on for 3.0 s: 12 ms of CPU, 1 timer, 1 connection to 127.0.0.1:9000 for each client',
    expect.stringMatching(/^ {8}End the work when the response closes/),
    '  work  reset: after a disconnect the server stops its work within 60 ms: less than 0.1 ms of CPU for each client',
  ]);
});

test('in tables, it has a row that does not fail the check', () => {
  expect(leakRows([verdict])).toMatchObject([
    {
      mode: 'graceful close',
      text: expect.stringContaining('works on for 3.0 s'),
      remedy: expect.stringContaining('AbortController'),
      isBad: false,
    },
    { mode: 'reset', text: expect.stringContaining('stops its work'), remedy: '', isBad: false },
    { text: 'clean after 300 disconnects', isBad: false },
  ]);
});
