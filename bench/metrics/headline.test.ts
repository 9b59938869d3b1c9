import { expect, test } from 'vitest';
import { runResult } from '../tests/fixtures/helpers/result.ts';
import { namedScenarios } from '../scenario/named-scenarios.ts';
import { readThreshold } from '../verdict/thresholds.ts';
import { headlineMetrics } from './headline.ts';

const namesOf = (scenarioName: string | null) => {
  const { scenario } = runResult([], []);
  return headlineMetrics({ scenario: { ...scenario, name: scenarioName } }).map(({ name }) => name);
};

test.each(Object.entries(namedScenarios))(
  '%s: the figures of its short table are there',
  (name, { figures }) => {
    expect(namesOf(name)).toEqual(figures ?? namesOf(null));
  },
);

test.each(Object.entries(namedScenarios))(
  '%s: what it expects can be read',
  (_name, { config: { expect: texts = [] } }) => {
    for (const text of texts) expect(readThreshold(text)).toMatchObject({ value: { text } });
  },
);

test('without a name, and with one that this version does not know, they are the usual ones', () => {
  expect(namesOf(null)).toContain('delivery.p99');
  expect(namesOf('of-another-version')).toEqual(namesOf(null));
});
