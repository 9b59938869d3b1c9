/**
 * Streams that end after some events, each followed by the next; and plain pages for comparison.
 */
import { z } from 'zod';
import type { Complain } from '../complaint.ts';
import { formatDuration } from '../duration.ts';
import { wholeNumber, type OptionValues } from '../option.ts';
import type { CommonValues, LoadKind } from './kind.ts';

const schema = z.object({
  kind: z.literal('finite'),
  /** The server ends a stream after this many events. */
  eventsEach: z.int().positive(),
});
type Finite = z.infer<typeof schema>;

const answersSchema = z.object({
  answered: z.int().nonnegative(),
  overMs: z.number(),
  cpuNs: z.number(),
  cpuOverMs: z.number(),
});
const outcome = z.object({
  kind: z.literal('finite'),
  streams: answersSchema,
  plain: answersSchema,
});
export type FiniteOutcome = z.infer<typeof outcome>;

/** autocannon counts in whole seconds. */
const leastMs = 1_000;
/** A stream must end this many times in the measurement. */
const streamsInMeasurement = 4;
/**
 * The warm-up: 1 s each for streams and pages, and the time to start their generator four times.
 */
const warmUpMs = 3_500;

const options = {
  eventsEach: {
    flags: '--events-each [n]',
    about: 'end each stream after this number of events and open the next one',
    ...wholeNumber(1, 1_000_000, 10),
  },
};
const figures = ['streams', 'plain', 'cpu-per-stream', 'cpu-per-plain', 'held-timers', 'failed'];

export const finite = {
  schema,
  outcome,
  options,
  trigger: 'eventsEach',
  figures,
  namedScenarios: {
    finite: {
      about: 'short streams of 10 events each, compared with plain pages',
      question:
        'How many short streams per second can a server open and end, like the answers of a language model?',
      meaning:
        'It also measures how many plain pages per second the same server answers. The difference is what streaming adds to the HTTP of the framework. ' +
        'autocannon creates this load. It sends the next request as soon as a response has ended (the closed model). ' +
        'With few connections, a server waits for its own timers. Compare the CPU time per stream then, not the number of streams.',
      notFor:
        'to measure latency at a given rate. The closed model cannot show it, so there is no latency metric.',
      figures,
      config: { eventsEach: 10, streams: 200, interval: '1ms', duration: '3s' },
    },
  },
  hasQuietStreams: false,
  generator: 'autocannon, in its own process',
  read: ({ eventsEach }: OptionValues<typeof options>) => ({
    kind: 'finite',
    eventsEach: eventsEach!,
  }),
  refuse(
    { eventsEach = 1, duration, interval = 100 }: OptionValues<typeof options> & CommonValues,
    _request,
    complain: Complain,
  ) {
    if (duration !== undefined && duration < leastMs)
      complain(
        `--duration ${duration}ms: with --events-each, the measurement takes at least 1 s; use --duration 1s or more`,
      );
    const durationMs = duration ?? Math.max(2_500, 10 * interval);
    const lastsMs = eventsEach * interval;
    const needsMs = streamsInMeasurement * lastsMs;
    if (needsMs > durationMs)
      complain(
        `--events-each ${eventsEach}: a stream takes ${lastsMs / 1_000} s, and the measurement must last ${streamsInMeasurement} times as long; use --duration ${Math.ceil(needsMs / 1_000)}s or more, or a shorter --interval`,
      );
  },
  roundMsOf: ({ durationMs }) => 2 * durationMs + warmUpMs,
  describe({ eventsEach }, { streams, durationMs }) {
    const events = eventsEach === 1 ? 'one event' : `${eventsEach.toLocaleString('en-US')} events`;
    return {
      streams: `streams of ${events}, one after the other on ${streams.toLocaleString('en-US')} connections, and plain pages`,
      phases: `${formatDuration(durationMs)} of measurement for each`,
    };
  },
} satisfies LoadKind<Finite>;
