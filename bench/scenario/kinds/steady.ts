/** Streams that stay open, with one event each interval: the load that all other kinds vary. */
import { z } from 'zod';
import type { LoadKind } from './kind.ts';

const schema = z.object({ kind: z.literal('steady') });

export const steady = {
  schema,
  options: {},
  presets: {
    soak: {
      about: 'the usual load for an hour',
      meaning:
        'Whether a server grows, or slows down, with time: by how much its memory and the mean delivery change in an hour, each with its interval (a line through ten parts of the measuring; of any round of a minute or more). Before a release. Servers that are ours are checked for leaks in the end.',
      config: { duration: '1h', rounds: 1 },
      leakCheck: true,
    },
  },
  read: () => ({ kind: 'steady' }),
} as const satisfies LoadKind<z.infer<typeof schema>>;
