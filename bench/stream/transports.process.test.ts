/** Both ways to read streams, on the same bytes over real sockets. `npm run splits` reads more. */
import { expect, test } from 'vitest';
import { compareTransports } from '../tests/fixtures/helpers/compare-transports.ts';

const responses = 1_000;

test(`see the same in ${responses} random responses, of which a third are broken`, async () => {
  const { ends, different } = await compareTransports(responses);
  expect(different).toEqual([]);
  expect(ends.ended).toBeGreaterThan(responses / 2);
  expect(Object.keys(ends).length).toBeGreaterThan(4);
});
