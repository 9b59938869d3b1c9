/** Searches for the highest load that meets all expectations, instead of a given load. */
import { z } from 'zod';
import type { Complain } from '../complaint.ts';
import { oneOf, type OptionValues } from '../option.ts';
import type { RestOfRequest, CommonValues, LoadKind } from './kind.ts';

/** The target of the search: the most streams, or the highest event rate of each stream. */
const searches = ['streams', 'rate'] as const;

const schema = z.object({ kind: z.literal('search'), of: z.enum(searches) });
export type Search = z.infer<typeof schema>;

const options = {
  search: {
    flags: '--search [what]',
    about: 'streams or rate: find the highest value that meets every --expect',
    ...oneOf(searches),
  },
};

export const search = {
  schema,
  options,
  trigger: 'search',
  namedScenarios: {
    capacity: {
      about: 'search for the most streams that meet every threshold',
      question: 'How many streams can a server sustain?',
      meaning:
        'The search doubles the load in each round until a threshold fails. Then it halves the gap until both sides are within a tenth of each other, and tries each of them three times. ' +
        'The report says what reached its limit first: the CPU of the server, the load generator, descriptors or ports. If it was the generator, the server may sustain more. ' +
        'The table shows the metrics under the largest sustained load. `--expect` sets the thresholds. ' +
        '`--search rate` searches for the highest event rate on a fixed number of streams.',
      notFor:
        'to compare costs. Each server ends at its own load, so CPU and latency are not comparable.',
      config: {
        search: 'streams',
        streams: 1_000,
        quietStreams: 0,
        expect: ['achieved > 90%', 'failed = 0', 'missing = 0', 'delivery.p99 < 50ms'],
      },
      ofUrls: {
        meaning:
          'For your own server, give the interval with `--interval`. A threshold on schedule lag then replaces the one on delivery. Without an interval, the thresholds are on failed streams, ended streams and the time to headers. They do not notice late events.',
        expect: ['achieved > 90%', 'failed = 0', 'lag.p99 < 50ms'],
        expectWithoutInterval: ['failed = 0', 'ended = 0', 'headers.p90 < 500ms'],
        small: { streams: 100 },
      },
    },
  },
  usualRounds: 14,
  small: { streams: 100 },
  read: ({ search: of }: OptionValues<typeof options>) => ({ kind: 'search', of: of! }),
  refuse(
    { search: of, interval = 100 }: OptionValues<typeof options> & CommonValues,
    { expectations }: RestOfRequest,
    complain: Complain,
  ) {
    const flag = `--search ${of}`;
    if (expectations === 0)
      complain(
        `${flag}: needs an expectation to decide which load is too high; add one, such as --expect 'delivery.p99 < 50ms', or use --scenario capacity`,
      );
    if (of === 'rate' && interval === 0)
      complain(
        `${flag}: cannot start at an unlimited rate; choose an interval, such as --interval 100ms`,
      );
    if (of === 'rate' && interval > 1_000)
      complain(
        `--interval ${interval / 1_000}s: --search rate starts with at least one event per second; use --interval 1s or less`,
      );
  },
  describe: ({ of }) => ({
    aim: `searching for the ${of === 'rate' ? 'highest rate' : 'most streams'}, starting with these`,
    rounds: 'as many rounds as needed',
  }),
} satisfies LoadKind<Search>;
