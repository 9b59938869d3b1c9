import { expect, test } from 'vitest';
import type { Answers } from '../../scenario/kinds/answers.ts';
import { steady } from '../../tests/fixtures/helpers/scenario.ts';
import { generatorsUnder } from './generators.ts';

const limits = { descriptors: 100_000, ports: 28_000, memoryBytes: 24e9 };
const placement = { server: [0], load: [1, 2, 3], unpinned: false };
const answers: Answers = {
  kind: 'answers',
  arrivals: null,
  format: null,
  maxEvents: null,
  abortWithinMs: null,
  timeoutMs: 60_000,
  expect: [],
};

test('at an unknown interval, answers are planned for more events than other streams', () => {
  const scenario = { ...steady, streams: 2_000, quietStreams: 0, intervalMs: null };
  expect(generatorsUnder(scenario, limits, placement)).toBe(1);
  expect(generatorsUnder({ ...scenario, load: answers }, limits, placement)).toBe(2);
  expect(
    generatorsUnder({ ...scenario, load: answers, intervalMs: 1_000 }, limits, placement),
  ).toBe(1);
});
