/** A search with real rounds, on a server that sustains a known number of streams. */
import { expect, test } from 'vitest';
import { runResult } from '../../tests/fixtures/helpers/result.ts';
import { fixture } from '../../tests/fixtures/helpers/round.ts';
import { steady } from '../../tests/fixtures/helpers/scenario.ts';
import {
  figured,
  nothingLeftRunning,
  watchChildren,
} from '../../tests/fixtures/helpers/watch-children.ts';
import type { RunResult } from '../../result/run-result.ts';
import { runContext } from '../run.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { placement } from '../../system/cores.ts';
import { runCapacity } from './capacity.ts';

nothingLeftRunning(watchChildren());

const scenario: Scenario = {
  ...steady,
  load: { kind: 'search', of: 'streams' },
  streams: 40,
  quietStreams: 0,
  // With more events on each stream, fewer streams suffice for the figures of a round.
  intervalMs: 20,
  rampMs: 100,
  warmUpMs: 150,
  durationMs: 600,
};
const head = runResult(['it'], [], { expect: ['failed = 0'], scenario, status: 'partial' });
const serverUnderTest = {
  kind: 'reference',
  name: 'it',
  file: fixture('refuses-beyond-sixty'),
} as const;

function search(
  signal: AbortSignal,
  onRound: (result: RunResult) => void = () => {},
): Promise<RunResult> {
  const context = runContext(
    scenario,
    { descriptors: 20_000, ports: 28_000, memoryBytes: 24e9 },
    placement(),
    signal,
  );
  return runCapacity(head, [serverUnderTest], context, {
    onPosition() {},
    onRound: (_round, result) => onRound(result),
  });
}

test(
  'finds the capacity to within 10 %, with its rounds and the reason why no higher load is sustained',
  { ...figured, timeout: 90_000 },
  // If the time is up, the signal ends the search. Otherwise its rounds would disturb the next test.
  async ({ signal }) => {
    const {
      capacity: [found],
      rounds,
      status,
    } = await search(signal);
    expect(status).toBe('complete');
    expect(found!.most).toBeLessThanOrEqual(60);
    expect(found!.most).toBeGreaterThan(54);
    expect(found!.tooMuch).toBeGreaterThan(60);
    expect(found!.tooMuch).toBeLessThanOrEqual(66);
    expect(found!.steps.findLast(({ holds }) => !holds)).toMatchObject({
      why: expect.stringMatching(/^failed = 0 does not hold: \d+$/),
    });
    expect(rounds.length).toBeGreaterThan(1);
    for (const round of rounds)
      expect(round).toMatchObject({ state: 'measured', planned: found!.most, failures: {} });
  },
);

test('an interruption keeps the loads tried so far', figured, async ({ signal }) => {
  const stop = new AbortController();
  const {
    capacity: [found],
    status,
  } = await search(AbortSignal.any([signal, stop.signal]), () => stop.abort());
  expect(status).toBe('partial');
  expect(found).toMatchObject({ most: 40, tooMuch: null, steps: [{ load: 40, holds: true }] });
});
