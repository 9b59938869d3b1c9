/** Whether ssebench itself could observe. */
import { time } from '../numbers.ts';
import type { Observations } from '../observations.ts';
import type { Topic } from './topic.ts';

/** The shortest delay that a finding names. A shorter stall cannot cause one alone. */
const longestStallMs = 500;

export const isStalled = (observations: Pick<Observations, 'longestStallMs'>): boolean =>
  observations.longestStallMs >= longestStallMs;

export const busy: Topic = {
  name: 'the machine of the check',
  rows: [
    {
      name: 'stalled',
      severity: 'unjudged',
      what: 'ssebench itself was stalled, so nothing that depends on time was judged.',
      why: 'During a stall it reads nothing, so a stream seems late or silent.',
      fix: 'Repeat the check on a machine that is less busy.',
      find: (observations) =>
        isStalled(observations)
          ? `stalled for up to ${time(observations.longestStallMs)}`
          : undefined,
    },
  ],
};
