/** Whether ssebench itself could observe. */
import { time } from '../numbers.ts';
import type { Observations } from '../observations.ts';
import type { Topic } from './topic.ts';

/** The shortest delay that a finding names. A shorter stall cannot cause one alone. */
const longestStallMs = 500;

const isStalled = (observations: Pick<Observations, 'longestStallMs'>): boolean =>
  observations.longestStallMs >= longestStallMs;

/** @returns why nothing that depends on time can be judged; `undefined` if it can */
export function whyNoTimes(observations: Observations): string | undefined {
  if (observations.wasInterrupted) return 'the check was interrupted';
  return isStalled(observations) ? 'ssebench was stalled' : undefined;
}

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
    {
      name: 'interrupted',
      severity: 'unjudged',
      what: 'The check was interrupted, so nothing that depends on time was judged.',
      why: 'Headers and events may arrive later, so their absence proves nothing.',
      fix: 'Repeat the check, and let it end.',
      find: ({ wasInterrupted, first, watchMs }) =>
        wasInterrupted ? `observed for ${time(first.watchedMs)} of ${time(watchMs)}` : undefined,
    },
  ],
};
