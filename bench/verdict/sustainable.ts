/** Decides whether a server sustained a load, and if not, which resource failed first. Pure. */
import { metrics } from '../metrics/metrics.ts';
import type { MeasuredRound, RoundResult, RunResult } from '../result/run-result.ts';
import { findingsOf } from './findings.ts';
import type { ThresholdVerdict } from './thresholds.ts';

export interface LoadVerdict {
  holds: boolean;
  /** A sentence on what was wrong; empty if the load was sustained. */
  why: string;
  /** The resource at its limit; empty if the load was sustained. */
  bottleneck: string;
  /**
   * False if an expected figure is not available for this server, so that nothing can be decided.
   */
  isKnown: boolean;
  /**
   * Why the round proves nothing about the server, and what to do: the load generator or the machine
   * distorted it, and the server was not at its limit. Empty if it proves something.
   */
  invalid: string;
}

const serverCpu = 'the server’s CPU';
/** Above this utilization, a core has no reserve. */
const busyCpu = 0.9;

/** Limits of the load or the machine, by the checks that find them. */
const limits: Readonly<Record<string, string>> = {
  descriptors: 'file descriptors',
  ports: 'ports',
  'listen queue': 'the listen queue',
  'generator loop': 'the load generator',
  'generator pause': 'the load generator',
  'generators sharing cores': 'the load generator',
  'arrival lag': 'the load generator',
  'dropped streams': 'the load generator',
};
/** Checks whose causes are independent of the size of the load. The round is repeated. */
const byChance = new Set([
  'stolen time',
  'generator waiting for a core',
  'server waiting for a core',
  'steady wall clock',
]);

export function isByChance(round: RoundResult): boolean {
  // A generator is started before its load, so a late start has another cause.
  if (round.state === 'failed')
    return /^(a generator|generator \d+ of \d+) (ended|was not ready)/.test(round.message);
  return round.doubts.length > 0 && round.doubts.every(({ check }) => byChance.has(check));
}

/** @param head contains the expectations, and the scenario of the round */
export function judgeLoad(head: RunResult, round: RoundResult): LoadVerdict {
  const no = (why: string, bottleneck: string, isKnown = true, invalid = ''): LoadVerdict => ({
    holds: false,
    why,
    bottleneck,
    isKnown,
    invalid,
  });
  if (round.state === 'failed') return no(round.message, whatFailed(round.message));
  if (round.doubts.length > 0) {
    const [why, bottleneck] = [round.doubts.map(({ finding }) => finding), bottleneckIn(round)];
    const remedies = [...new Set(round.doubts.map(({ remedy }) => remedy))].join(' ');
    const invalid = bottleneck === serverCpu ? '' : `${why.join('; ')}. ${remedies}`;
    return no(why.join('; '), bottleneck, true, invalid);
  }
  const { thresholds } = findingsOf({ ...head, servers: [round.server], rounds: [round] });
  const broken = thresholds.filter(({ state }) => state !== 'held');
  if (broken.length === 0)
    return { holds: true, why: '', bottleneck: '', isKnown: true, invalid: '' };
  return no(
    broken.map(whyNot).join('; '),
    bottleneckIn(round),
    broken.some(({ state }) => state === 'broken'),
  );
}

function whatFailed(message: string): string {
  if (message.includes('file descriptors')) return 'file descriptors';
  return message.startsWith('a generator') ? 'the load generator' : 'the server';
}

function whyNot({ threshold: { text, metric }, found, reason }: ThresholdVerdict): string {
  const { unit } = metrics.find(({ name }) => name === metric)!;
  return found === undefined
    ? `${text} could not be checked: ${reason}`
    : `${text} does not hold: ${Number(found.toPrecision(3))} ${unit}`.trim();
}

function bottleneckIn({ process, doubts }: MeasuredRound): string {
  // A server at its limit impairs everything else, so it is reported first.
  if (process && process.cpuNs / 1e6 / process.cpuOverMs > busyCpu) return serverCpu;
  // ssebench does not measure the CPU of a URL, so it cannot exclude it.
  const cpu = process ? 'the server’s CPU, ' : '';
  return (
    doubts.map(({ check }) => limits[check]).find((what) => what !== undefined) ??
    `unknown (not ${cpu}the load generator, descriptors or ports)`
  );
}
