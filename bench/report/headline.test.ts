import { expect, test } from 'vitest';
import { runResult } from '../fixtures/result.ts';
import { presets } from '../scenario/presets.ts';
import { headlineMetrics } from './headline.ts';

const namesOf = (preset: string | null) => {
  const { scenario } = runResult([], []);
  return headlineMetrics({ scenario: { ...scenario, preset } }).map(({ name }) => name);
};

test.each(Object.entries(presets))('%s: the figures of its short table are there', (name, { figures }) => {
  expect(namesOf(name)).toEqual(figures ?? namesOf(null));
});

test('without a name, and with one that this version does not know, they are the usual ones', () => {
  expect(namesOf(null)).toContain('delivery.p99');
  expect(namesOf('of-another-version')).toEqual(namesOf(null));
});
