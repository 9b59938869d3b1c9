import { expect, test } from 'vitest';
import type { ModeResult } from './leak-result.ts';
import { workFindings } from './work-words.ts';
import type { Work } from './work.ts';

const agent: Work = {
  lastsMs: 3_010,
  watchedMs: 3_400,
  cpuMs: 12.3,
  timers: 1,
  upstreams: [{ address: '127.0.0.1:9000', perDisconnect: 1 }],
};
const stopped: Work = { lastsMs: 52, watchedMs: 110, cpuMs: 0.21, timers: 0, upstreams: [] };

const mode = (about: string, work: Work | null, leaks: ModeResult['leaks'] = []): ModeResult => ({
  mode: about,
  about,
  skipped: null,
  tookMs: null,
  disconnects: 150,
  leaks,
  unexpected: [],
  cleanAfterMs: null,
  releaseMs: null,
  blockedKbPerStream: null,
  work,
});

test.each<[string, Work, string]>([
  [
    'works on',
    agent,
    'after a disconnect the server works on for 3.0 s: 12 ms of CPU, 1 timer, 1 connection to 127.0.0.1:9000 for each client',
  ],
  [
    'works longer than it was watched',
    { ...agent, lastsMs: null, watchedMs: 5_049, timers: 0.25, upstreams: [] },
    'after a disconnect the server works on for > 5.0 s: 12 ms of CPU, 0.3 timers for each client',
  ],
  [
    'works on, hidden by other work',
    { ...agent, cpuMs: null, timers: null },
    'after a disconnect the server works on for 3.0 s: – of CPU (other work hides it), 1 connection to 127.0.0.1:9000 for each client',
  ],
  [
    'stops',
    stopped,
    'after a disconnect the server stops its work within 60 ms: 0.2 ms of CPU for each client',
  ],
])('a server that %s', (_what, work, text) => {
  expect(workFindings([mode('reset', work)]).map((finding) => finding.text)).toEqual([text]);
});

test('a server with many upstreams lists three of them', () => {
  const upstreams = [1, 2, 3, 4, 5].map((n) => ({ address: `10.0.0.${n}:80`, perDisconnect: 2 }));
  expect(workFindings([mode('reset', { ...agent, upstreams })])[0]!.text).toMatch(
    /, 2 connections to 10\.0\.0\.3:80, 4 connections to other addresses for each client$/,
  );
});

test('modes with the same work are one finding, with the range of their figures', () => {
  const longer = { ...agent, lastsMs: 3_240, cpuMs: 14 };
  const modes = [mode('close', agent), mode('reset', longer), mode('kill', stopped)];
  expect(workFindings(modes)).toEqual([
    {
      about: 'close, reset',
      worksOn: true,
      advice: expect.stringContaining('AbortController'),
      text: 'after a disconnect the server works on for 3.0 to 3.2 s: 12 to 14 ms of CPU, 1 timer, 1 connection to 127.0.0.1:9000 for each client',
    },
    { about: 'kill', worksOn: false, advice: '', text: expect.stringContaining('stops its work') },
  ]);
  expect(workFindings(modes.slice(0, 2))).toMatchObject([{ about: 'all 2 disconnect modes' }]);
});

test('a client that vanishes without a packet needs no AbortController', () => {
  const modes = [mode('close', agent), mode('half-open', agent)];
  expect(workFindings(modes)).toMatchObject([
    { about: 'close', advice: expect.stringContaining('AbortController') },
    { about: 'half-open', advice: expect.stringContaining('keep-alive') },
  ]);
});

test('a leak was still there at the deadline', () => {
  const leak = { kind: 'timer', afterMs: 5_200 } as ModeResult['leaks'][number];
  const work = { ...agent, lastsMs: null, watchedMs: 900 };
  expect(workFindings([mode('close', work, [leak])])[0]!.text).toContain('for > 5.2 s:');
});

test('a mode without observed work has no finding, as in older results', () => {
  const { work: _, ...old } = mode('close', null);
  const skipped = { ...mode('reset', agent), skipped: 'no POST' };
  expect(workFindings([old, mode('kill', null), skipped])).toEqual([]);
});
