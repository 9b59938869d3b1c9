/**
 * Streams that are answers: each is one request that the server ends. They run a given number at a
 * time, or arrive at a given rate.
 */
import { z } from 'zod';
import {
  answerFormatOf,
  answerOptions,
  checkAnswerOptions,
  streamExpectationsOf,
} from '../answer-options.ts';
import { answerFormatSchema } from '../apis/answer-format.ts';
import { visible, type Complain } from '../complaint.ts';
import { formatDuration } from '../duration.ts';
import { duration, wholeNumber, yesNo, type OptionValues } from '../option.ts';
import { streamExpectationSchema } from '../stream-expectation.ts';
import { answerScenarios, figuresOfAnswers } from './answer-scenarios.ts';
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
  /** ssebench disconnects at a random moment within this time; `null` for never. */
  abortWithinMs: z.number().positive().nullable(),
  /** An answer without an end after this time has timed out. */
  timeoutMs: z.number().positive(),
  /** The limits that each answer should meet. */
  expect: z.array(streamExpectationSchema),
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
   * Counts of the answers that ended in the measurement and were not capped, whenever they began: all
   * of them, the completed ones, and the tokens of these. `endedGood` counts the completed ones that
   * met all limits; it is `null` without limits.
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
/** A fast model sends about 50 tokens per second. */
const tokenIntervalMs = 20;
/** The limit of concurrent answers in the open model. */
const usualMost = 1_000;
const leastDurationMs = 10_000;

const options = {
  answers: {
    flags: '--answers',
    about: 'streams that end: each is one request, followed by the next',
    ...yesNo(),
  },
  ...answerOptions,
  maxEvents: {
    flags: '--max-events [n]',
    about: 'disconnect from each answer after this number of events',
    ...wholeNumber(1, 1_000_000, 50),
  },
  abortWithin: {
    flags: '--abort-within [time]',
    about: 'disconnect from each answer at a random moment within this time',
    ...duration(1, '2s'),
  },
  answerTimeout: {
    flags: '--answer-timeout [time]',
    about: 'an answer without an end after this time has timed out (default: 60s)',
    ...duration(1, '60s'),
  },
};
type Values = OptionValues<typeof options> &
  CommonValues & { arrivals?: number; spacing?: Churn['spacing']; lifetimes?: string };

function refuse(values: Values, { hasReference }: RestOfRequest, complain: Complain): void {
  const { arrivals, spacing, api, content } = values;
  for (const [option, value] of Object.entries({ api, content }))
    if (hasReference && value !== undefined)
      complain(
        `--${option} ${visible(value)}: the events of reference servers are only numbers; name the URL of a server, without reference servers`,
      );
  checkAnswerOptions(values, complain);
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
  figures: figuresOfAnswers,
  namedScenarios: answerScenarios,
  hasQuietStreams: false,
  assumedIntervalMs: tokenIntervalMs,
  small: (values: OptionValuesByName) =>
    values.arrivals === undefined ? { streams: 10, rounds: 1 } : { rounds: 1 },
  read(values: Values): Answers {
    const { arrivals, spacing, maxEvents, abortWithin, answerTimeout, streams } = values;
    return {
      kind: 'answers',
      arrivals:
        arrivals === undefined
          ? null
          : { perSecond: arrivals, spacing: spacing ?? 'poisson', most: streams ?? usualMost },
      format: answerFormatOf(values),
      maxEvents: maxEvents ?? null,
      abortWithinMs: abortWithin ?? null,
      timeoutMs: answerTimeout ?? 60_000,
      expect: streamExpectationsOf(values),
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
  describe({ arrivals, maxEvents, abortWithinMs, timeoutMs }, { streams }) {
    const most = streams.toLocaleString('en-US');
    const capped = [
      maxEvents === null ? '' : `, disconnected after ${maxEvents} events`,
      abortWithinMs === null ? '' : `, disconnected within ${formatDuration(abortWithinMs)}`,
    ].join('');
    const come = arrivals?.spacing === 'poisson' ? ' at random' : '';
    return {
      streams: arrivals
        ? `${arrivals.perSecond} answers a second${come} (open model), at most ${most} at a time`
        : `${most} answers at a time, each followed by the next (closed model)`,
      event: `timeout ${formatDuration(timeoutMs)}${capped}`,
    };
  },
} satisfies LoadKind<Answers>;
