/** Records the answers of one generator: their times, how they end, and what arrived. */
import type { AnswersOutcome } from '../../scenario/kinds/answers.ts';
import type { AnswerFormat } from '../../scenario/apis/answer-format.ts';
import { textWithoutSecrets } from '../../scenario/secrets.ts';
import { answerHistograms, type AnswerHistogram } from '../../result/histogram-names.ts';
import { noEventData } from '../../result/event-data.ts';
import { nothingCounted, type Causes, type Recording } from '../../result/recording.ts';
import { createEncodingCounts, type EncodingCounts } from '../encodings.ts';
import { answerReader, type AnswerEvent } from '../event-data/answer.ts';
import { readerOf, type ReaderOptions } from '../event-data/reader-of.ts';
import { countUp } from '../failure-counts.ts';
import { recordingOf } from '../findings.ts';
import { createHistogram } from '../histogram.ts';
import type { Window } from '../recorder.ts';
import { isOwnStamp } from '../stamps.ts';
import { noAnswers } from './counts.ts';
import { RunningAnswer, type AnswerFigures } from './running-answer.ts';

/** How an answer ended. An answer that failed has its cause and a description for people. */
export type AnswerEnd =
  | 'completed'
  | 'endedEarly'
  | 'capped'
  | 'stillRunning'
  | 'timedOut'
  | readonly [cause: string, message: string];

/** The consequence of an event for its answer; `undefined` if the answer goes on. */
export type Verdict = 'end' | { error: string } | undefined;

/** The findings of one generator about answers. */
export interface AnswerFindings {
  outcome: AnswersOutcome;
  /** Encoded distributions. */
  histograms: Record<AnswerHistogram, string>;
}

export interface AnswerRecorder {
  /** A request starts. */
  begin(intendedNs: number, startedNs: number): RunningAnswer;
  /** A planned request does not start, because too many answers are running. */
  drop(intendedNs: number): void;
  headers(answer: RunningAnswer, atNs: number): void;
  body(answer: RunningAnswer, bytes: number, newRead: boolean, atNs: number): void;
  event(
    answer: RunningAnswer,
    data: string,
    id: string | undefined,
    name: string | undefined,
    atNs: number,
  ): Verdict;
  comment(): void;
  over(answer: RunningAnswer, end: AnswerEnd, atNs: number): void;
  encodings: EncodingCounts;
  /** The measurement ends earlier than planned. */
  endMeasuring(atNs: number): void;
  /** The end of the measurement on the common clock. */
  endNs(): number;
  events(): number;
  recording(): Recording;
  findings(): AnswerFindings;
}

export interface AnswerRecorderOptions extends ReaderOptions {
  window: Window;
  format: AnswerFormat | null;
  /** Whether arrivals are planned, so that a generator can be late. */
  isPlanned: boolean;
  /** Whether the figures of an answer meet all limits; `null` without limits. */
  meetsLimits: ((figures: AnswerFigures) => boolean) | null;
}

/** Without a format, each event has content, and no event ends an answer. */
const anyEvent: AnswerEvent = {
  content: 'answer',
  isEnd: false,
  error: undefined,
  tokens: undefined,
  number: undefined,
};

const replacementCharacter = '\ufffd';

export function createAnswerRecorder(options: AnswerRecorderOptions): AnswerRecorder {
  const { window, format, isPlanned, firstNumber, sameClock, meetsLimits } = options;
  const reader = readerOf(options);
  const readAnswer = format === null ? undefined : answerReader(format);
  const ownNumbers = format?.sequence ?? options.events?.sequence ?? null;
  const first = ownNumbers === null ? firstNumber : 'any';
  const encodings = createEncodingCounts();
  const counts = nothingCounted().counts;
  const failures: Causes = {};
  const unexpectedEvents: Causes = {};
  const histograms = createStreamHistograms();
  const ofAnswers = Object.fromEntries(
    answerHistograms.map((name) => [name, createHistogram()]),
  ) as Record<AnswerHistogram, ReturnType<typeof createHistogram>>;
  const outcome = noAnswers(meetsLimits !== null);
  let endNs = window.disconnectAtNs;
  const measuring = (atNs: number) => atNs >= window.measureAtNs && atNs < endNs;

  function audited({ audit, events, numbered }: RunningAnswer) {
    const found = audit.findings().counts;
    for (const name of Object.keys(found) as (keyof typeof found)[]) counts[name] += found[name];
    if (numbered === 0) counts.uncounted += events;
  }
  /** Records what is known only at the end of a measured answer. */
  function completed(answer: RunningAnswer, { total, perToken, perChunk }: AnswerFigures) {
    if (answer.tokens !== undefined) outcome.withUsage++;
    record(ofAnswers.answerTotal, total);
    if (answer.tokens !== undefined) record(ofAnswers.timePerToken, perToken);
    else record(ofAnswers.timePerChunk, perChunk);
  }

  return {
    begin(intendedNs, startedNs) {
      const isMeasured = measuring(intendedNs);
      if (isPlanned) histograms.arrivalLag.recordNs(startedNs - intendedNs);
      if (isMeasured) {
        counts.started++;
        outcome.planned++;
      }
      return new RunningAnswer(intendedNs, startedNs, isMeasured, first);
    },
    drop(intendedNs) {
      if (!measuring(intendedNs)) return;
      outcome.planned++;
      outcome.dropped++;
    },
    headers(answer, atNs) {
      answer.headersNs = atNs;
      if (!answer.isMeasured) return;
      counts.opened++;
      histograms.timeToHeaders.recordNs(atNs - answer.intendedNs);
      histograms.timeToHeadersUncorrected.recordNs(atNs - answer.startedNs);
    },
    body(answer, bytes, newRead, atNs) {
      if (measuring(atNs)) {
        counts.bodyBytes += bytes;
        if (newRead) counts.reads++;
      }
      if (!Number.isNaN(answer.bodyNs)) return;
      answer.bodyNs = atNs;
      if (answer.isMeasured) histograms.timeToFirstByte.recordNs(atNs - answer.intendedNs);
    },
    event(answer, data, id, name, atNs) {
      const { number, stampNs } = reader.read(data, id, name, atNs);
      const found = readAnswer ? readAnswer(data, name, id) : anyEvent;
      const isNow = measuring(atNs);
      counts.eventsInAll++;
      if (isNow) counts.events++;
      if (data.includes(replacementCharacter)) countUp(unexpectedEvents, 'not UTF-8', '');
      const ownNumber = found.number ?? number;
      if (ownNumber !== undefined) answer.numberedEvent(ownNumber);
      if (stampNs !== undefined && isNow && isOwnStamp(sameClock, stampNs, atNs)) {
        counts.stamped++;
        histograms.delivery.recordNs(atNs - stampNs);
      }
      const gapNs = answer.event(atNs);
      if (answer.isMeasured) {
        if (Number.isNaN(gapNs)) {
          histograms.timeToFirstEvent.recordNs(atNs - answer.intendedNs);
          histograms.timeToFirstEventUncorrected.recordNs(atNs - answer.startedNs);
        } else {
          histograms.eventGap.recordNs(gapNs);
          counts.gaps++;
          counts.gapsSumNs += gapNs;
        }
      }
      if (found.tokens !== undefined) answer.tokens = found.tokens;
      if (found.content !== undefined) contentOf(answer, found.content, atNs, isNow);
      if (found.error !== undefined) return { error: textWithoutSecrets(found.error) };
      return found.isEnd ? 'end' : undefined;
    },
    comment: () => void counts.comments++,
    over(answer, end, atNs) {
      const figures = answer.figures();
      const isCompleted = end === 'completed';
      if (measuring(atNs) && end !== 'capped' && end !== 'stillRunning') {
        outcome.ended++;
        if (isCompleted) {
          outcome.endedCompleted++;
          outcome.endedTokens += answer.tokens ?? 0;
          if (meetsLimits?.(figures)) outcome.endedGood!++;
        }
      }
      if (!answer.isMeasured) return;
      audited(answer);
      if (typeof end === 'object') {
        outcome.failed++;
        countUp(failures, ...end);
      } else if (end === 'stillRunning') {
        outcome.capped++;
        outcome.stillRunning++;
      } else outcome[end]++;
      if (end === 'capped' || end === 'stillRunning') counts.stopped++;
      if (isCompleted) completed(answer, figures);
    },
    encodings,
    endMeasuring: (atNs) => void (endNs = Math.min(endNs, atNs)),
    endNs: () => endNs,
    events: () => counts.eventsInAll,
    recording: () =>
      recordingOf([
        encodings,
        {
          findings: () => ({
            counts,
            failures,
            unexpectedEvents,
            eventData: reader.findings() ?? noEventData(),
            histograms,
          }),
        },
      ]),
    findings: () => ({
      outcome,
      histograms: Object.fromEntries(
        answerHistograms.map((name) => [name, ofAnswers[name].encode()]),
      ) as AnswerFindings['histograms'],
    }),
  };

  function contentOf(
    answer: RunningAnswer,
    channel: 'answer' | 'reasoning',
    atNs: number,
    isNow: boolean,
  ) {
    if (isNow) outcome.chunks++;
    const isFirstAnswer = channel === 'answer' && Number.isNaN(answer.firstAnswerNs);
    const gapNs = answer.content(channel, atNs);
    if (!answer.isMeasured) return;
    if (isFirstAnswer) ofAnswers.firstAnswer.recordNs(atNs - answer.intendedNs);
    if (Number.isNaN(gapNs)) ofAnswers.firstToken.recordNs(atNs - answer.intendedNs);
    else ofAnswers.chunkGap.recordNs(gapNs);
  }
}

function record(histogram: ReturnType<typeof createHistogram>, ms: number | undefined): void {
  if (ms !== undefined) histogram.recordNs(ms * 1e6);
}

/** The distributions that answers have in common with other streams. */
const createStreamHistograms = () => ({
  arrivalLag: createHistogram(),
  timeToHeaders: createHistogram(),
  timeToHeadersUncorrected: createHistogram(),
  timeToFirstByte: createHistogram(),
  timeToFirstEvent: createHistogram(),
  timeToFirstEventUncorrected: createHistogram(),
  eventGap: createHistogram(),
  delivery: createHistogram(),
});
