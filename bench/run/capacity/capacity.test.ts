/** A search under simulated time, on a machine that distorts its rounds. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fakeWorld, untilSettled } from '../../tests/fixtures/helpers/fake-world.ts';
import { runResult } from '../../tests/fixtures/helpers/result.ts';
import { steady } from '../../tests/fixtures/helpers/scenario.ts';
import type { Scenario, ServerUnderTest } from '../../scenario/scenario.ts';
import { runCapacity } from './capacity.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const scenario: Scenario = {
  ...steady,
  load: { kind: 'search', of: 'streams' },
  streams: 80,
  quietStreams: 0,
  intervalMs: 100,
};
const server: ServerUnderTest = { kind: 'reference', name: 'it', file: 'it.ts' };

/** @param stolenShareOf the share of the CPU time that the host takes in the round of this number */
async function search(stolenShareOf: (round: number) => number) {
  const world = fakeWorld({ headersAfterMs: 4, deliveryMs: 3, cpuShare: 0.1, releaseAfterMs: 12 });
  let round = 0;
  let samples = 0;
  const context = {
    scenario,
    generators: 1,
    limits: { descriptors: 20_000, ports: scenario.streams, memoryBytes: 24e9 },
    placement: undefined,
    world: {
      ...world,
      // One sample before and one after the measurement of each round.
      sampleMachine: () => ({
        ticks: 100 * ++samples,
        stolenTicks: samples % 2 === 1 ? 0 : 100 * stolenShareOf(round),
        listenOverflows: 0,
      }),
    },
    signal: new AbortController().signal,
  };
  const head = runResult(['it'], [], { expect: ['missing = 0'], scenario, status: 'partial' });
  const result = await untilSettled(
    runCapacity(head, [server], context, {
      onPosition: (position) => (round = position.round),
      onRound() {},
    }),
  );
  return result.capacity[0]!;
}

test('two loads with invalid rounds end the search, with their cause and remedy', async () => {
  const { most, tooMuch, reason, steps } = await search(() => 0.5);
  expect(steps.map(({ load }) => load)).toEqual([80, 40]);
  expect({ most, tooMuch }).toEqual({ most: null, tooMuch: null });
  expect(reason).toMatch(
    /^the rounds under the first 2 loads were invalid: .*50 %.*\. [A-Z].*[^.]$/,
  );
});

test('after one invalid load, the search continues below it', async () => {
  const { most, reason, steps } = await search((round) => (round === 1 ? 0.5 : 0));
  expect(steps.slice(0, 2)).toMatchObject([
    { load: 80, holds: false },
    { load: 40, holds: true },
  ]);
  // Most of the three tries of 80 held.
  expect({ most, reason }).toEqual({ most: 80, reason: null });
});
