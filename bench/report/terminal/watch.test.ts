import { expect, test } from 'vitest';
import type { WatchedGrowth, WatchEnd, WatchLine } from '../../result/watch-result.ts';
import { watchText } from './watch.ts';

const at = '2026-01-31T12:00:00.000Z';
const style = (_: unknown, text: string) => text;
const text = (line: WatchLine) => watchText(line, 600_000, { style });
const growth: WatchedGrowth = {
  kind: 'timer',
  what: 'setInterval 1000 ms',
  place: { file: 'src/stream.js', line: 14, column: 3 },
  traced: false,
  held: 1_240,
  grown: 1_200,
  disconnects: 1_200,
  perDisconnect: 1,
  since: '2026-01-31T11:00:00.000Z',
  records: 6,
  needed: 6,
};
const inspection: WatchLine = {
  type: 'inspection',
  at,
  number: 1,
  pauseMs: 183,
  inspectorWasOpen: false,
  open: 40,
  disconnects: 0,
  disconnectsAtMost: 0,
  growing: [],
};

test('the start states the expected cost', () =>
  expect(
    text({
      type: 'start',
      schemaVersion: 1,
      at,
      pid: 4711,
      ports: [3000],
      everyMs: 600_000,
      tolerated: 0.05,
    }),
  ).toBe(
    'Watching process 4711 on port 3000. Each inspection is expected to stop it for 0.15 to 0.7 s, every 10 min; the first one measures that. Ctrl-C ends the watch.',
  ));

test('the first inspection states the measured cost, and the state of the inspector', () => {
  expect(text(inspection)).toBe(
    [
      '2026-01-31 12:00:00Z  inspection 1: process stopped for 183 ms, 40 open connections',
      '  At this interval, inspections stop the process for 0.031 % of the time.',
      '  Its inspector is closed between inspections.',
    ].join('\n'),
  );
  expect(text({ ...inspection, inspectorWasOpen: true })).toContain(
    'Its inspector was already open, so ssebench does not close it.',
  );
});

test('a later inspection states the disconnects and the growing counts', () =>
  expect(
    text({
      ...inspection,
      number: 4,
      disconnects: 200,
      disconnectsAtMost: 230,
      growing: [{ ...growth, held: 640, records: 3 }],
    }),
  ).toBe(
    [
      '2026-01-31 12:00:00Z  inspection 4: process stopped for 183 ms, 40 open connections, 200 disconnects',
      '  growing  setInterval 1000 ms at src/stream.js:14: 1.00 per disconnect, 640 held (3 of 6 records in a row)',
    ].join('\n'),
  ));

test('a failed inspection states the reason', () =>
  expect(text({ type: 'failed', at, reason: 'the process is\u001b[2K busy' })).toBe(
    '2026-01-31 12:00:00Z  not inspected: the process is [2K busy',
  ));

const alarm: WatchLine = {
  ...growth,
  type: 'alarm',
  at,
  consequences: [{ kind: 'socket', what: 'open socket', traced: false, perDisconnect: 2 }],
  advice: 'Clear the timer when the response closes.',
  docs: 'docs/fix-leaks.md#timers',
};

test('an alarm states the line, the rate, the evidence and the fix', () =>
  expect(text(alarm)).toBe(
    [
      '2026-01-31 12:00:00Z  ALARM  setInterval 1000 ms at src/stream.js:14: 1.00 per disconnect, 1,240 held (1,200 more after 1,200 disconnects since 2026-01-31 11:00:00Z)',
      '  with it: open socket: 2.00 per disconnect',
      '  Clear the timer when the response closes.',
    ].join('\n'),
  ));

test('an alarm for entries mentions caches, and the way to their line', () => {
  const { place: _, ...others } = alarm;
  const shown = text({ ...others, kind: 'entry', what: 'entry of a Map (4711.1)' });
  expect(shown).toContain('A cache that is not full yet grows too.');
  expect(shown).toContain(
    'To find the source line, watch with --snapshot, or check the server with: ssebench leaks',
  );
});

const end: WatchEnd = {
  type: 'end',
  at,
  because: 'interrupted',
  reason: null,
  inspections: 7,
  disconnects: 1_200,
  disconnectsAtMost: 1_210,
  longestPauseMs: 190.4,
  needed: 7,
  isJudged: true,
  alarms: [],
};

test.each<[string, Partial<WatchEnd>, string[]]>([
  [
    'without an alarm',
    {},
    [
      'The watch was interrupted.',
      '7 inspections, 1,200 disconnects, longest stop 190 ms.',
      'no alarm: nothing grew with the disconnects at 6 inspections in a row.',
    ],
  ],
  [
    'with connections that could not be seen',
    { disconnectsAtMost: 3_600 },
    [
      'The watch was interrupted.',
      '7 inspections, 1,200 disconnects, longest stop 190 ms.',
      'Up to 2,400 more connections closed: to other servers of this machine, or too soon to be seen.',
      'no alarm: nothing grew with the disconnects at 6 inspections in a row.',
    ],
  ],
  [
    'with an alarm',
    { because: 'exited', alarms: [growth] },
    [
      'The process has ended.',
      '7 inspections, 1,200 disconnects, longest stop 190 ms.',
      'ALARM  setInterval 1000 ms at src/stream.js:14: 1.00 per disconnect, 1,240 held',
    ],
  ],
  [
    'without a verdict',
    {
      because: 'failed',
      reason: 'it is busy',
      inspections: 1,
      disconnects: 0,
      disconnectsAtMost: 0,
      isJudged: false,
    },
    [
      'The process cannot be inspected: it is busy.',
      '1 inspection, 0 disconnects, longest stop 190 ms.',
      'no verdict after 1 inspection: an alarm needs 7.',
    ],
  ],
])('the end %s', (_, more, lines) => expect(text({ ...end, ...more })).toBe(lines.join('\n')));
