/**
 * Streams that are answers: each is one request that the server ends. They run a given number at a
 * time, or arrive at a given rate.
 */
import { z } from 'zod';
import { answerFormatSchema } from '../apis/answer-format.ts';
import type { Complain } from '../complaint.ts';
import { formatDuration } from '../duration.ts';
import { duration, wholeNumber, yesNo, type OptionValues } from '../option.ts';
import { arrivalsOf, spacings, type Churn } from './churn.ts';
import type { CommonValues, LoadKind, OptionValuesByName, RestOfRequest } from './kind.ts';

const schema = z.object({
  kind: z.literal('answers'),
  /**
   * How requests arrive (the open model), and how many answers run at a time at most; `null` if each
   * answer is followed by the next (the closed model).
   */
  arrivals: z
    .object({
      perSecond: z.number().positive(),
      spacing: z.enum(spacings),
      most: z.int().positive(),
    })
    .nullable(),
  /** How its events are read; `null` if each event is content, and the response's end is the end. */
  format: answerFormatSchema.nullable(),
  /** ssebench disconnects from an answer after this many events; `null` for no limit. */
  maxEvents: z.int().positive().nullable(),
  /** An answer without an end after this time has timed out. */
  timeoutMs: z.number().positive(),
});
export type Answers = z.infer<typeof schema>;

const count = z.int().nonnegative();
const outcome = z.object({
  kind: z.literal('answers'),
  /**
   * Answers with their intended start in the measurement. Each is in one of the next five counts, or
   * was dropped because too many others were running.
   */
  planned: count,
  /** The end marker arrived, or the response ended properly and the format has no marker. */
  completed: count,
  /** The response ended properly without the end marker, or without any event. */
  endedEarly: count,
  /** ssebench disconnected; `stillRunning` counts only those that the end of the run cut off. */
  capped: count,
  timedOut: count,
  failed: count,
  stillRunning: count,
  dropped: count,
  /** Completed answers whose server reported their tokens. */
  withUsage: count,
  /**
   * What ended in the measurement, whenever it began: all answers that were not capped, the completed
   * ones, their tokens, and the completed ones that met all limits (`null` without limits).
   */
  ended: count,
  endedCompleted: count,
  endedTokens: count,
  endedGood: count.nullable(),
  /** Events with content that arrived in the measurement. */
  chunks: count,
});
export type AnswersOutcome = z.infer<typeof outcome>;

/** Reference servers end each answer after this many events. */
const eventsOfReference = 20;
/** The assumed duration of an answer, for the number of connections. Real answers take longer. */
const shortAnswerMs = 100;
/** The limit of concurrent answers in the open model. */
const usualMost = 1_000;
const leastDurationMs = 10_000;

const options = {
  answers: {
    flags: '--answers',
    about: 'streams that end: each is one request, followed by the next',
    ...yesNo(),
  },
  maxEvents: {
    flags: '--max-events [n]',
    about: 'disconnect from each answer after this number of events',
    ...wholeNumber(1, 1_000_000, 50),
  },
  answerTimeout: {
    flags: '--answer-timeout [time]',
    about: 'an answer without an end after this time has timed out (default: 60s)',
    ...duration(1, '60s'),
  },
};
type Values = OptionValues<typeof options> &
  CommonValues & { arrivals?: number; spacing?: Churn['spacing']; lifetimes?: string };

const figures = [
  'answers',
  'first-token.p50',
  'first-token.p95',
  'first-answer.p50',
  'chunk-gap.p95',
  'tpot.p50',
  'time-per-chunk.p50',
  'answer-total.p50',
  'tokens',
  'events-per-read',
  'goodput',
  'ended-early',
  'timed-out',
  'failed',
];

function refuse({ arrivals, spacing }: Values, _request: RestOfRequest, complain: Complain): void {
  if (spacing === 'ramp')
    complain(
      '--spacing ramp: with --answers, requests arrive at one rate; use --spacing poisson or --spacing constant',
    );
  else if (spacing !== undefined && arrivals === undefined)
    complain(
      `--spacing ${spacing}: has no effect without --arrivals; add --arrivals, or leave it out`,
    );
}

export const answers = {
  schema,
  outcome,
  options,
  trigger: 'answers',
  withoutTrigger: 'has no effect without --answers; add --answers, or leave it out',
  uses: ['arrivals', 'spacing', 'lifetime', 'lifetimes'],
  figures,
  namedScenarios: {
    answers: {
      about: 'streams that end, like answers of a language model: 50 at a time',
      question: 'How fast do the answers of a language model or an agent arrive under load?',
      meaning:
        'Each stream is one request whose response ends. By default, each answer is followed by the next (the closed model, `--streams` at a time). ' +
        'With `--arrivals`, requests arrive at a given rate, whether or not earlier answers have ended (the open model). Their times count from the intended start. `--streams` then limits the concurrent answers. A request over this limit is dropped, and the round is invalid. ' +
        'Every answer is in one of five counts: completed, ended early, capped by ssebench, timed out or failed. ' +
        'An answer is completed if its end marker arrived, or if its response ended properly and its format has no marker. It ended early if the response ended without the marker, or without any event. ' +
        'Answers that still run at the end of the measurement are capped. Only answers with their intended start in the measurement count, so the measurement must be longer than the answers. ' +
        'After a failed answer, a client waits for 100 ms. Each answer has a connection of its own, so its times include connecting. ' +
        `Reference servers end each answer after ${eventsOfReference} events.`,
      notFor: 'to count short responses per second. Use `finite`, which has a faster client.',
      figures,
      config: { answers: true, streams: 50, interval: '20ms', duration: '10s' },
      ofUrls: {
        meaning: 'The server decides how long an answer is.',
        config: { interval: undefined },
        small: { streams: 10 },
      },
    },
  },
  hasQuietStreams: false,
  small: (values: OptionValuesByName) =>
    values.arrivals === undefined ? { streams: 10, rounds: 1 } : { rounds: 1 },
  read({ arrivals, spacing, maxEvents, answerTimeout, streams }: Values): Answers {
    return {
      kind: 'answers',
      arrivals:
        arrivals === undefined
          ? null
          : { perSecond: arrivals, spacing: spacing ?? 'poisson', most: streams ?? usualMost },
      format: null,
      maxEvents: maxEvents ?? null,
      timeoutMs: answerTimeout ?? 60_000,
    };
  },
  refuse,
  streamsOf: ({ arrivals }) => arrivals?.most,
  phasesOf: (_load, usual) => ({ durationMs: Math.max(leastDurationMs, usual.durationMs) }),
  // A closed stream keeps its port for a while, so each answer needs a port of its own.
  connectionsOf({ arrivals }, streams, { rampMs, warmUpMs, durationMs }) {
    const totalMs = rampMs + warmUpMs + durationMs;
    return arrivals ? arrivalsOf(arrivals, totalMs) : streams * Math.ceil(totalMs / shortAnswerMs);
  },
  queryOf: () => `&limit=${eventsOfReference}`,
  describe({ arrivals, maxEvents, timeoutMs }, { streams }) {
    const most = streams.toLocaleString('en-US');
    const capped = maxEvents === null ? '' : `, disconnected after ${maxEvents} events`;
    const come = arrivals?.spacing === 'poisson' ? ' at random' : '';
    return {
      streams: arrivals
        ? `${arrivals.perSecond} answers a second${come} (open model), at most ${most} at a time`
        : `${most} answers at a time, each followed by the next (closed model)`,
      event: `timeout ${formatDuration(timeoutMs)}${capped}`,
    };
  },
} satisfies LoadKind<Answers>;
