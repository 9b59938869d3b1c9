/**
 * The load on the whole machine during a round, as evidence for or against its figures. Linux only.
 */
import { readFileSync } from 'node:fs';

/** Counters that only grow. */
export interface MachineSample {
  /** Ticks of all cores: the total, and those that the host of a virtual machine withheld. */
  ticks: number;
  stolenTicks: number;
  /**
   * Connections that arrived while the queue of a listening socket was full, anywhere on this
   * machine.
   */
  listenOverflows: number;
}

/** @returns `undefined` without `/proc` */
export function sampleMachine(): MachineSample | undefined {
  try {
    return {
      ...ticksOf(readFileSync('/proc/stat', 'utf8')),
      listenOverflows: tcpCounter(readFileSync('/proc/net/netstat', 'utf8'), 'ListenOverflows'),
    };
  } catch {
    return undefined;
  }
}

/**
 * Reads "cpu  user nice system idle iowait irq softirq steal guest guest_nice": proc(5). `user` and
 * `nice` already include the guests.
 */
export function ticksOf(stat: string): Pick<MachineSample, 'ticks' | 'stolenTicks'> {
  const ticks = stat.split('\n', 1)[0]!.split(/\s+/).slice(1, 9).map(Number);
  return { ticks: ticks.reduce((sum, tick) => sum + tick, 0), stolenTicks: ticks[7] ?? 0 };
}

/** The file has two lines for each protocol: names, and their values in the same order. */
export function tcpCounter(netstat: string, name: string): number {
  const [names, values] = netstat
    .split('\n')
    .filter((line) => line.startsWith('TcpExt:'))
    .map((line) => line.split(' '));
  return Number(values?.[names?.indexOf(name) ?? -1] ?? NaN);
}

/**
 * The difference of two samples, as a result stores it; `null` if the system does not report it.
 */
export function betweenSamples(
  before: MachineSample | undefined,
  after: MachineSample | undefined,
) {
  if (!before || !after) return { stolenShare: null, listenOverflows: null };
  const overflows = after.listenOverflows - before.listenOverflows;
  return {
    stolenShare: (after.stolenTicks - before.stolenTicks) / Math.max(1, after.ticks - before.ticks),
    listenOverflows: Number.isNaN(overflows) ? null : overflows,
  };
}
