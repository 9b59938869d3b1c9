/** The figures and the targets of `npm run generator-cost`. Pure. */
import { formatNumber } from '../report/shared/format.ts';
import { spreadOf, type Spread } from '../metrics/summary.ts';
import { bootstrapInterval } from '../statistics/bootstrap.ts';
import { randomFrom } from '../statistics/random.ts';
import {
  generatorName,
  readerName,
  type Comparison,
  type GeneratorCostProof,
  type Growth,
  type Sample,
} from './generator-cost.ts';

type Figure = (sample: Sample) => number | null;

export const cpuPerEvent: Figure = ({ cpuUsPerEvent }) => cpuUsPerEvent;
export const cpuPerOpen: Figure = ({ cpuUsPerOpen }) => cpuUsPerOpen;
export const kilobytesPerStream: Figure = ({ rssBytesPerStream }) => rssBytesPerStream / 1024;
export const eventsPerRead: Figure = (sample) => sample.eventsPerRead;
/** The events that one core would receive if the client had all of it. */
export const eventsPerCore: Figure = ({ cpuUsPerEvent }) =>
  cpuUsPerEvent === null ? null : 1e6 / cpuUsPerEvent;

/** @returns `undefined` without samples, or if a sample lacks the figure */
export const spreadIn = (samples: readonly Sample[], figure: Figure): Spread | undefined =>
  spreadOf(samples.map((sample) => figure(sample) ?? undefined));

export interface Ratio {
  /** The median over the rounds, and its 95 % interval. */
  ratio: number;
  low: number;
  high: number;
}

/**
 * A figure of one client divided by that of another, in the same round.
 *
 * @returns `undefined` if a client has no sample or a sample lacks the figure
 */
export function ratioOf(
  samples: readonly Sample[],
  base: readonly Sample[],
  figure: Figure,
): Ratio | undefined {
  const ratios = samples.flatMap((sample, round) => {
    const [one, other] = [figure(sample), base[round] === undefined ? null : figure(base[round])];
    return one === null || other === null ? [] : [one / other];
  });
  if (ratios.length === 0 || ratios.length < samples.length) return undefined;
  const median = (drawn: readonly number[]) => spreadOf(drawn)!.median;
  const random = randomFrom(1);
  return { ratio: median(ratios), ...bootstrapInterval([ratios], median, { random }) };
}

/**
 * How a cost grows with the load: its value with the most streams, divided by the lowest value of
 * all loads. It is 1 if the cost of a stream never increases.
 */
export function growthOf(rows: readonly Growth[], figure: Figure): number | undefined {
  const values = rows.map(({ samples }) => spreadIn(samples, figure)?.median);
  const known = values.filter((value) => value !== undefined);
  if (known.length < values.length || known.length === 0) return undefined;
  return known.at(-1)! / Math.min(...known);
}

export interface Target {
  what: string;
  limit: string;
  measured: string;
  /** `undefined` if it was not measured. */
  isMet: boolean | undefined;
}

const limits = {
  ratio: 1.3,
  kilobytes: 8,
  perCore: 150_000,
  perRead: 1.1,
  openUs: 80,
  growth: 1.25,
};

/** Every target, with what was measured. */
export function targetsOf({
  comparisons,
  growth,
}: Pick<GeneratorCostProof, 'comparisons' | 'growth'>): Target[] {
  const samplesOf = (name: Comparison['name'], client: string) =>
    comparisons
      .find((comparison) => comparison.name === name)
      ?.clients.find((row) => row.name === client)?.samples ?? [];
  const loadOf = (name: Comparison['name']) =>
    shownLoad(comparisons.find((comparison) => comparison.name === name)?.load);
  const relative = (name: Comparison['name']): Target => {
    const found = ratioOf(samplesOf(name, generatorName), samplesOf(name, readerName), cpuPerEvent);
    return {
      what: `CPU per event relative to the C reader, ${loadOf(name)}`,
      limit: `at most ${limits.ratio}`,
      measured: shownRatio(found),
      isMet: found && found.ratio <= limits.ratio,
    };
  };
  const atMost = (
    what: string,
    limit: number,
    unit: string,
    value: number | undefined,
  ): Target => ({
    what,
    limit: `at most ${limit}${unit}`,
    measured: value === undefined ? '–' : `${formatNumber(value)}${unit}`,
    isMet: value === undefined ? undefined : value <= limit,
  });
  const medianOf = (name: Comparison['name'], figure: Figure) =>
    spreadIn(samplesOf(name, generatorName), figure)?.median;
  const perCore = medianOf('saturated', eventsPerCore);
  const perRead = medianOf('saturated', eventsPerRead);
  return [
    relative('frequent'),
    relative('many'),
    atMost(
      `memory per stream, ${loadOf('many')}`,
      limits.kilobytes,
      ' KB',
      medianOf('many', kilobytesPerStream),
    ),
    {
      what: 'events per second of CPU, with one event per read',
      limit: `at least ${limits.perCore.toLocaleString('en-US')}`,
      measured:
        perCore === undefined || perRead === undefined
          ? '–'
          : `${formatNumber(perCore)}, ${perRead.toFixed(2)} events per read`,
      isMet:
        perCore === undefined || perRead === undefined
          ? undefined
          : perCore >= limits.perCore && perRead <= limits.perRead,
    },
    atMost('CPU per opened stream', limits.openUs, ' µs', medianOf('opening', cpuPerOpen)),
    atMost('growth of CPU per event', limits.growth, '', growthOf(growth, cpuPerEvent)),
    atMost('growth of memory per stream', limits.growth, '', growthOf(growth, kilobytesPerStream)),
  ];
}

export const shownRatio = (found: Ratio | undefined): string =>
  found === undefined
    ? '–'
    : `${found.ratio.toFixed(2)} (${found.low.toFixed(2)}–${found.high.toFixed(2)})`;

/** `2,000 × 10/s`: the streams, and the events of each. */
export function shownLoad(load: Comparison['load'] | undefined): string {
  if (load === undefined) return '–';
  const streams = load.streams.toLocaleString('en-US');
  return load.eventsPerSecond === null
    ? `${streams} streams`
    : `${streams} × ${formatNumber(load.eventsPerSecond / load.streams)}/s`;
}
