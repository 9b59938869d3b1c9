/** The order in which servers are measured. */
import type { ServerUnderTest } from '../scenario/scenario.ts';
import { randomFrom, shuffled } from '../statistics/random.ts';

/** Each round measures every server once, in random order. */
export function orderOfRounds(
  serversUnderTest: readonly ServerUnderTest[],
  rounds: number,
  seed: number,
): { serverUnderTest: ServerUnderTest; round: number }[] {
  const random = randomFrom(seed);
  return Array.from({ length: rounds }, (_, index) => index + 1).flatMap((round) =>
    shuffled(serversUnderTest, random).map((serverUnderTest) => ({ serverUnderTest, round })),
  );
}
