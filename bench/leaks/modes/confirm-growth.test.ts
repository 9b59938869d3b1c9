import { expect, test } from 'vitest';
import type { Leak } from '../../result/leak-result.ts';
import { growthLeak as growth } from '../../tests/fixtures/helpers/counted-rounds.ts';
import { confirmGrowth } from './confirm-growth.ts';
import type { Inspection } from '../inspection/inspection.ts';
import type { Round } from '../round/round.ts';
import type { RoundSize } from '../search/search.ts';

const timer: Leak = { ...growth, kind: 'timer', what: 'setInterval 100 ms', perDisconnect: 1 };

/** A server whose memory grows without clients, and with streams that stay longer. */
async function confirmed(leaks: Leak[], { idleKbPerSecond = 0, longerKbPerEvent = 8 } = {}) {
  let nowMs = 0;
  const sizes: RoundSize[] = [];
  const inspection = {
    kind: 'inspector',
    memoryBytes: async () => 50e6 + idleKbPerSecond * 1_024 * (nowMs / 1_000),
  } as unknown as Inspection;
  const round = async (size: RoundSize) => {
    sizes.push(size);
    const grown = [{ ...growth, count: longerKbPerEvent * size.streams }];
    return { grown, disconnects: size.streams } as unknown as Round;
  };
  const result = await confirmGrowth(
    {
      server: { inspection } as never,
      time: { nowMs: () => nowMs, sleep: async (ms: number) => void (nowMs += ms) },
      signal: new AbortController().signal,
    },
    { round },
    { rounds: [], leaks },
    { streams: 50 },
  );
  return { kinds: result.leaks.map(({ kind }) => kind), sizes, rounds: result.rounds.length };
}

test('streams that stay longer confirm a growth', async () => {
  expect(await confirmed([growth])).toEqual({
    kinds: ['growth'],
    sizes: [{ streams: 50, waves: 1, wait: 'stable', staysLonger: true }],
    rounds: 1,
  });
});

test('streams that stay longer refute the growth of a history', async () => {
  const { kinds } = await confirmed([growth, timer], { longerKbPerEvent: 2 });
  expect(kinds).toEqual(['timer']);
});

test('memory that grows without clients refutes it without a round', async () => {
  const { kinds, sizes } = await confirmed([growth, timer], { idleKbPerSecond: 200 });
  expect(kinds).toEqual(['timer']);
  expect(sizes).toEqual([]);
});

test('other findings need no round', async () => {
  expect(await confirmed([timer])).toEqual({ kinds: ['timer'], sizes: [], rounds: 0 });
});
