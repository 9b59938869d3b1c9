/** Streams that stay open, with one event each interval: the load that all other kinds vary. */
import { z } from 'zod';
import type { LoadKind } from './kind.ts';

const schema = z.object({ kind: z.literal('steady') });

export const steady = {
  schema,
  options: {},
  namedScenarios: {
    soak: {
      about: 'the steady load for one hour, then a leak check',
      question: 'Does a server grow or slow down over time?',
      meaning:
        'It runs the steady load for an hour and reports by how much memory and mean delivery change per hour, each with its interval. The trend is a line through ten parts of the measurement. Any round of one minute or more has it. ' +
        'Servers with a known process are checked for leaks at the end. Run it before a release.',
      notFor: 'to find a leak quickly. `ssebench leaks` takes 5 to 15 s for a clean server.',
      config: { duration: '1h', rounds: 1 },
      leakCheck: true,
    },
  },
  read: () => ({ kind: 'steady' }),
} as const satisfies LoadKind<z.infer<typeof schema>>;
