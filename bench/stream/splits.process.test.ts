/** 100,000 splits: seconds, too long for the pure tests. `npm run splits` compares ten million. */
import { expect, test } from 'vitest';
import { compareSplits, splitsOfEach } from '../tests/fixtures/helpers/compare-splits.ts';

const responses = 100_000 / splitsOfEach;

test('the reader of responses sees what a plain parser finds', () => {
  const seen = { events: 0, comments: 0, retries: 0, ids: 0 };
  const differences: object[] = [];
  for (let seed = 0; seed < responses && differences.length === 0; seed++) {
    const { parsed, different } = compareSplits(seed);
    differences.push(...different);
    seen.events += parsed.events.length;
    seen.comments += parsed.comments;
    seen.retries += parsed.retries.length;
    seen.ids += parsed.ids.length;
  }
  expect(differences).toEqual([]);
  // Responses without events would prove nothing.
  for (const number of Object.values(seen)) expect(number).toBeGreaterThan(responses / 10);
});
