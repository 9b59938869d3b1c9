import { describe, expect, test } from 'vitest';
import type { Held } from '../../result/held.ts';
import { watchLineSchema, type WatchLine } from '../../result/watch-result.ts';
import { createDisconnectCounter } from '../../system/disconnects.ts';
import { watchProcess, type WatchOptions } from './watch.ts';
import type { Inspected, WatchedProcess } from './watched-process.ts';

const minuteMs = 60_000;
const place = { file: 'src/events.ts', line: 14, column: 3 };
const timer = (count: number): Held => ({
  kind: 'timer',
  what: 'setInterval 1000 ms',
  place,
  traced: false,
  count,
});
const socket = (count: number): Held => ({
  kind: 'socket',
  what: 'open socket',
  traced: false,
  count,
});
const usual: WatchOptions = {
  everyMs: 10 * minuteMs,
  forMs: undefined,
  inspections: 7,
  tolerated: 0.05,
  isIgnored: () => false,
  snapshot: false,
};

interface Simulated extends Partial<WatchOptions> {
  /** Returns the things that the server holds after this number of disconnects. */
  held?: (disconnects: number) => Held[];
  /** Called before each inspection, with its number from 1. */
  before?: (attempt: number) => void;
  inspectionMs?: number;
  endsAfterMs?: number;
  interruptedAfterMs?: number;
}

/** Watches a simulated server from whose five clients one disconnects and reconnects each second. */
async function watched(simulated: Simulated) {
  const { held = () => [], before = () => {}, inspectionMs = 200, ...more } = simulated;
  const { endsAfterMs = Infinity, interruptedAfterMs = Infinity, ...options } = more;
  const interruption = new AbortController();
  let [nowMs, attempts, ended] = [0, 0, 0];
  const disconnects = () => Math.floor(nowMs / 1_000);
  function pass(ms: number) {
    nowMs += ms;
    if (nowMs >= interruptedAfterMs) interruption.abort();
  }
  const server: WatchedProcess = {
    pid: 4711,
    ports: [3000],
    isRunning: () => nowMs < endsAfterMs,
    connections: createDisconnectCounter(() => ({
      open: new Set(Array.from({ length: 5 }, (_, client) => String(disconnects() + client))),
      accepted: disconnects(),
    })),
    async inspect(): Promise<Inspected> {
      before(++attempts);
      pass(inspectionMs);
      if (nowMs >= endsAfterMs) throw new Error('the inspector closed the session');
      return { held: held(disconnects()), pauseMs: 180 + attempts, inspectorWasOpen: false };
    },
    async nameOf(entry) {
      named.push(entry.what);
      return entry.what.includes('4711.2')
        ? undefined
        : { ...entry, what: 'entry of `sessions`', place };
    },
    async end() {
      ended++;
    },
  };
  const lines: WatchLine[] = [];
  const named: string[] = [];
  const end = await watchProcess(
    server,
    { ...usual, ...options },
    {
      time: {
        nowMs: () => nowMs,
        async sleep(ms, signal) {
          pass(ms);
          server.connections.sample();
          signal?.throwIfAborted();
        },
      },
      date: () => new Date(nowMs),
      signal: interruption.signal,
      report: (line) => lines.push(line),
    },
  );
  expect(lines.map((line) => watchLineSchema.parse(line))).toEqual(lines);
  expect(lines.at(-1)).toEqual(end);
  return { lines, end, nowMs, ended, named };
}
const ofType = (lines: readonly WatchLine[], type: WatchLine['type']) =>
  lines.filter((line) => line.type === type);

describe('the interval', () => {
  test('is that between the starts of inspections', async () => {
    const { lines } = await watched({});
    expect(ofType(lines, 'inspection').map(({ at }) => at.slice(11, 19))).toEqual([
      '00:00:00',
      '00:10:00',
      '00:20:00',
      '00:30:00',
      '00:40:00',
      '00:50:00',
      '01:00:00',
    ]);
  });

  test('is left out if an inspection takes longer', async () => {
    const { lines } = await watched({ inspectionMs: 11 * minuteMs, inspections: 2 });
    expect(ofType(lines, 'inspection').map(({ at }) => at.slice(11, 19))).toEqual([
      '00:11:00',
      '00:31:00',
    ]);
  });
});

test('each inspection counts the disconnects since the last', async () => {
  const { lines, end } = await watched({ inspections: 3 });
  expect(ofType(lines, 'inspection')).toMatchObject([
    { number: 1, open: 5, disconnects: 0, disconnectsAtMost: 0, pauseMs: 181 },
    { number: 2, open: 5, disconnects: 600, disconnectsAtMost: 600, pauseMs: 182 },
    { number: 3, open: 5, disconnects: 600, disconnectsAtMost: 600, pauseMs: 183 },
  ]);
  expect(end).toMatchObject({
    inspections: 3,
    disconnects: 1_200,
    disconnectsAtMost: 1_200,
    longestPauseMs: 183,
  });
});

describe('the end', () => {
  test('is the number of inspections', async () => {
    const { end, ended } = await watched({});
    expect(end).toMatchObject({ because: 'limit', inspections: 7, isJudged: true, alarms: [] });
    expect(ended).toBe(1);
  });

  test('is the time', async () => {
    const { end, nowMs } = await watched({ forMs: 60 * minuteMs, inspections: undefined });
    expect(end).toMatchObject({ because: 'limit', inspections: 7 });
    expect(nowMs).toBeLessThan(61 * minuteMs);
  });

  test('is an interruption', async () => {
    const { end, ended } = await watched({ interruptedAfterMs: 25 * minuteMs });
    expect(end).toMatchObject({ because: 'interrupted', inspections: 3, isJudged: false });
    expect(ended).toBe(1);
  });

  test('is that of the process, within a second', async () => {
    const { end, nowMs, ended } = await watched({ endsAfterMs: 25 * minuteMs });
    expect(end).toMatchObject({ because: 'exited', reason: null, inspections: 3 });
    expect(nowMs).toBeLessThan(25 * minuteMs + 2_000);
    expect(ended).toBe(1);
  });

  test('is that of the process during an inspection', async () => {
    const { end, lines } = await watched({ endsAfterMs: 10 * minuteMs + 100 });
    expect(end).toMatchObject({ because: 'exited', reason: null, inspections: 1 });
    expect(ofType(lines, 'failed')).toEqual([]);
  });

  test('is the first inspection, if it fails', async () => {
    const before = () => {
      throw new Error('it is stopped');
    };
    const { end, lines } = await watched({ before });
    expect(end).toMatchObject({ because: 'failed', reason: 'it is stopped', inspections: 0 });
    expect(lines).toHaveLength(2);
  });

  test('is the third failure in a row', async () => {
    const before = (attempt: number) => {
      if (attempt > 1) throw new Error('it is busy');
    };
    const { end, lines } = await watched({ before });
    expect(end).toMatchObject({ because: 'failed', reason: 'it is busy', inspections: 1 });
    expect(ofType(lines, 'failed')).toHaveLength(2);
  });
});

test('disconnects before a failed inspection count for the next', async () => {
  const before = (attempt: number) => {
    if (attempt === 2) throw new Error('it is busy');
  };
  const { lines } = await watched({ before, inspections: 2 });
  expect(lines.map(({ type }) => type)).toEqual([
    'start',
    'inspection',
    'failed',
    'inspection',
    'end',
  ]);
  expect(lines[3]).toMatchObject({ disconnects: 1_200 });
});

describe('a leak', () => {
  const leaking = (disconnects: number) => [timer(5 + disconnects), socket(5 + 2 * disconnects)];

  test('is one alarm, with its consequences', async () => {
    const { lines, end } = await watched({ held: leaking, inspections: 9 });
    expect(ofType(lines, 'alarm')).toMatchObject([
      {
        kind: 'timer',
        place,
        held: 3_605,
        grown: 3_600,
        disconnects: 3_600,
        perDisconnect: 1,
        since: '1970-01-01T00:00:00.200Z',
        consequences: [{ kind: 'socket', perDisconnect: 2 }],
        docs: 'docs/fix-leaks.md#timers',
      },
    ]);
    expect(end.alarms).toMatchObject([{ kind: 'timer', held: 4_805 }]);
  });

  test('is growing before', async () => {
    const { lines } = await watched({ held: leaking });
    const growing = ofType(lines, 'inspection').map((line) =>
      line.type === 'inspection' ? line.growing.map(({ records }) => records) : [],
    );
    expect(growing).toEqual([[], [], [], [3, 3], [4, 4], [5, 5], [6, 6]]);
  });

  test('is ignored by its place', async () => {
    const isIgnored = ({ kind }: Held) => kind === 'timer' || kind === 'socket';
    const { lines, end } = await watched({ held: leaking, isIgnored });
    expect(ofType(lines, 'alarm')).toEqual([]);
    expect(end.alarms).toEqual([]);
  });
});

describe('entries of a collection', () => {
  const entries = (disconnects: number): Held[] =>
    ['Map (4711.1)', 'Map (4711.2)'].map((id) => ({
      kind: 'entry',
      what: `entry of a ${id}`,
      traced: false,
      count: disconnects,
    }));
  const alarmsOf = async (more: Partial<Simulated>) => {
    const { lines, named } = await watched({ held: entries, inspections: 27, ...more });
    return { alarms: ofType(lines, 'alarm'), named };
  };

  test('have no name without a snapshot', async () => {
    const { alarms, named } = await alarmsOf({});
    expect(alarms).toMatchObject([
      { what: 'entry of a Map (4711.1)', needed: 24 },
      { what: 'entry of a Map (4711.2)', needed: 24 },
    ]);
    expect(named).toEqual([]);
  });

  test('get one name each, and are left out if they belong to Node', async () => {
    const { alarms, named } = await alarmsOf({ snapshot: true });
    expect(alarms).toMatchObject([{ what: 'entry of `sessions`', place }]);
    expect(named).toEqual(['entry of a Map (4711.1)', 'entry of a Map (4711.2)']);
  });

  test('are ignored by their name', async () => {
    const isIgnored = ({ what }: Held) => what.includes('sessions');
    expect((await alarmsOf({ snapshot: true, isIgnored })).alarms).toEqual([]);
  });
});
