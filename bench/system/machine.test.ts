import { expect, test } from 'vitest';
import { betweenSamples, sampleMachine, tcpCounter, ticksOf } from './machine.ts';

test('stolen time is the eighth figure of all cores, as a share of the first eight', () => {
  const stat = 'cpu  100 20 30 400 5 6 7 80 9 10\ncpu0 1 1 1 1 1 1 1 1 1 1\n';
  expect(ticksOf(stat)).toEqual({ ticks: 648, stolenTicks: 80 });
  const later = { ...ticksOf('cpu  200 20 30 400 5 6 7 180 9 10\n'), listenOverflows: 5 };
  expect(betweenSamples({ ...ticksOf(stat), listenOverflows: 3 }, later)).toEqual({
    stolenShare: 0.5,
    listenOverflows: 2,
  });
});

test('overflows are found by name', () => {
  const netstat =
    'TcpExt: SyncookiesSent ListenOverflows ListenDrops\nTcpExt: 1 22 333\nIpExt: InNoRoutes ListenOverflows\nIpExt: 4 5\n';
  expect(tcpCounter(netstat, 'ListenOverflows')).toBe(22);
  expect(tcpCounter(netstat, 'NoSuchThing')).toBeNaN();
});

test('without samples the figures are null', () => {
  expect(betweenSamples(undefined, undefined)).toEqual({
    stolenShare: null,
    listenOverflows: null,
  });
});

test.runIf(process.platform === 'linux')(
  'this machine has ticks, and less than half of them are stolen',
  () => {
    const { ticks, stolenTicks } = sampleMachine()!;
    expect(ticks).toBeGreaterThan(0);
    expect(stolenTicks).toBeLessThan(ticks / 2);
  },
);
