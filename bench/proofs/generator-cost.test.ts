import { expect, test } from 'vitest';
import type { Comparison, GeneratorCostProof, Sample } from './generator-cost.ts';
import {
  cpuPerEvent,
  growthOf,
  kilobytesPerStream,
  ratioOf,
  targetsOf,
} from './generator-cost-figures.ts';
import { generatorCostSection } from './generator-cost-section.ts';

const sample = (some: Partial<Sample> = {}): Sample => ({
  eventsPerSecond: 20_000,
  cpuUsPerEvent: 8,
  cpuUsPerOpen: 80,
  rssBytesPerStream: 8 * 1024,
  busyShare: 0.16,
  eventsPerRead: 1,
  flaws: 0,
  ...some,
});
const repeated = (some?: Partial<Sample>) => Array.from({ length: 5 }, () => sample(some));

type Client = Comparison['clients'][number];
const c = (some?: Partial<Sample>): Client => ({
  name: 'C reader',
  samples: repeated({ cpuUsPerEvent: 6.4, ...some }),
});
const ours = (some?: Partial<Sample>): Client => ({ name: 'ssebench', samples: repeated(some) });

/** Each target is met, and just so. */
const met: GeneratorCostProof = {
  date: '2026-01-01',
  ssebench: '0.1.0',
  node: '26.0.0',
  machine: 'linux x64, 2 cores',
  command: 'npm run generator-cost',
  rounds: 5,
  comparisons: [
    {
      name: 'frequent',
      load: { streams: 2_000, eventsPerSecond: 20_000 },
      clients: [c(), ours(), { name: 'Artillery', samples: [], why: 'npm did not install it.' }],
    },
    { name: 'many', load: { streams: 10_000, eventsPerSecond: 10_000 }, clients: [c(), ours()] },
    {
      name: 'opening',
      load: { streams: 10_000, eventsPerSecond: null },
      clients: [c({ cpuUsPerEvent: null }), ours({ cpuUsPerEvent: null })],
    },
    {
      name: 'saturated',
      load: { streams: 2_000, eventsPerSecond: 400_000 },
      clients: [c(), ours({ cpuUsPerEvent: 1e6 / 150_000 })],
    },
  ],
  growth: [100, 1_000, 100_000].map((streams, place) => ({
    load: { streams, eventsPerSecond: streams / 2 },
    processes: 1,
    samples: [sample({ cpuUsPerEvent: [40, 8, 10][place]! })],
  })),
};
const stateOf = (proof: GeneratorCostProof) => targetsOf(proof).map(({ isMet }) => isMet);

/** The proof with other samples of ssebench under one load. */
const changed = (name: Comparison['name'], some: Partial<Sample>): GeneratorCostProof => ({
  ...met,
  comparisons: met.comparisons.map((each) =>
    each.name === name ? { ...each, clients: [each.clients[0]!, ours(some)] } : each,
  ),
});

test('all targets are met at their limits', () =>
  expect(stateOf(met)).toEqual([true, true, true, true, true, true, true]));

test.each<[string, number, GeneratorCostProof]>([
  ['CPU per event of frequent events', 0, changed('frequent', { cpuUsPerEvent: 8.4 })],
  ['CPU per event of many streams', 1, changed('many', { cpuUsPerEvent: 8.4 })],
  ['memory', 2, changed('many', { rssBytesPerStream: 8.1 * 1024 })],
  ['events per second of CPU', 3, changed('saturated', { cpuUsPerEvent: 6.7 })],
  ['several events per read', 3, changed('saturated', { cpuUsPerEvent: 3, eventsPerRead: 1.2 })],
  ['CPU per open', 4, changed('opening', { cpuUsPerOpen: 81 })],
])('a missed target: %s', (_what, place, proof) => {
  expect(stateOf(proof)).toEqual(Array.from({ length: 7 }, (_, each) => each !== place));
});

test('a target that was not measured is neither met nor missed', () => {
  const noReader = {
    ...met,
    comparisons: met.comparisons.map((each) => ({ ...each, clients: each.clients.slice(1) })),
    growth: [],
  };
  expect(stateOf(noReader)).toEqual([undefined, undefined, true, true, true, undefined, undefined]);
  expect(generatorCostSection(noReader)).toContain('Met: 3 of 7. Missed: 0. Not measured: 4.');
});

test('a ratio compares the clients round by round', () => {
  const machine = [1, 2, 1, 2, 1]; // twice as slow in some rounds
  const base = machine.map((slow) => sample({ cpuUsPerEvent: 6 * slow }));
  const samples = machine.map((slow) => sample({ cpuUsPerEvent: 7.5 * slow }));
  expect(ratioOf(samples, base, cpuPerEvent)).toEqual({ ratio: 1.25, low: 1.25, high: 1.25 });
});

test('a ratio needs both clients in every round', () => {
  const samples = repeated();
  expect(ratioOf(samples, samples.slice(1), cpuPerEvent)).toBeUndefined();
  expect(ratioOf([], [], cpuPerEvent)).toBeUndefined();
});

test('growth is relative to the cheapest load, not to the smallest', () => {
  expect(growthOf(met.growth, cpuPerEvent)).toBe(1.25);
  expect(growthOf(met.growth, kilobytesPerStream)).toBe(1);
  expect(growthOf([], cpuPerEvent)).toBeUndefined();
});

test('the section shows missed targets and the clients that could not run', () => {
  const text = generatorCostSection(changed('opening', { cpuUsPerOpen: 96 }));
  expect(text).toContain('| CPU per opened stream | at most 80 µs | 96 µs | **no** |');
  expect(text).toContain('Met: 6 of 7. Missed: 1. Not measured: 0.');
  expect(generatorCostSection(met)).toContain('| Artillery | – | – | – | – | nothing |');
  expect(generatorCostSection(met)).toContain('Artillery: npm did not install it.');
});
