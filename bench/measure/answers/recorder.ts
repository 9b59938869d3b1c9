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
import type { Window } from '../recorder.ts';
import { isOwnStamp } from '../stamps.ts';
import { noAnswers } from './counts.ts';
import { RunningAnswer, type AnswerFigures } from './running-answer.ts';
import { createAnswerTimes } from './times.ts';

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
  const readAnswer = format === null ? () => anyEvent : answerReader(format);
  const ownNumbers = format?.sequence ?? options.events?.sequence ?? null;
  const first = ownNumbers === null ? firstNumber : 'any';
  const encodings = createEncodingCounts();
  const times = createAnswerTimes();
  const { counts } = nothingCounted();
  const failures: Causes = {};
  const unexpectedEvents: Causes = {};
  const outcome = noAnswers(meetsLimits !== null);
  let endNs = window.disconnectAtNs;
  const measuring = (atNs: number) => atNs >= window.measureAtNs && atNs < endNs;

  /** Counts an answer that ended in the measurement, whenever it began. */
  function endedNow(answer: RunningAnswer, isCompleted: boolean) {
    outcome.ended++;
    if (!isCompleted) return;
    outcome.endedCompleted++;
    outcome.endedTokens += answer.tokens ?? 0;
    if (meetsLimits?.(answer.figures())) outcome.endedGood!++;
  }
  function countEnd(end: AnswerEnd) {
    if (typeof end === 'object') {
      outcome.failed++;
      countUp(failures, ...end);
    } else if (end === 'stillRunning') {
      outcome.capped++;
      outcome.stillRunning++;
    } else outcome[end]++;
    if (isCapped(end)) counts.stopped++;
  }
  function audited({ audit, events, numbered }: RunningAnswer) {
    const found = audit.findings().counts;
    for (const name of Object.keys(found) as (keyof typeof found)[]) counts[name] += found[name];
    if (numbered === 0) counts.uncounted += events;
  }
  function stamped(stampNs: number, atNs: number) {
    if (!measuring(atNs) || !isOwnStamp(sameClock, stampNs, atNs)) return;
    counts.stamped++;
    times.ofStreams.delivery.recordNs(atNs - stampNs);
  }

  return {
    begin(intendedNs, startedNs) {
      const isMeasured = measuring(intendedNs);
      if (isPlanned) times.ofStreams.arrivalLag.recordNs(startedNs - intendedNs);
      counts.started += isMeasured ? 1 : 0;
      outcome.planned += isMeasured ? 1 : 0;
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
      times.headers(answer, atNs);
    },
    body(answer, bytes, newRead, atNs) {
      if (measuring(atNs)) {
        counts.bodyBytes += bytes;
        if (newRead) counts.reads++;
      }
      if (answer.isMeasured && !answer.hasBody) times.firstByte(answer, atNs);
      answer.hasBody = true;
    },
    event(answer, data, id, name, atNs) {
      const { number, stampNs } = reader.read(data, id, name, atNs);
      const {
        content,
        tokens,
        error,
        isEnd,
        number: ownNumber = number,
      } = readAnswer(data, name, id);
      counts.eventsInAll++;
      if (measuring(atNs)) counts.events++;
      if (data.includes(replacementCharacter)) countUp(unexpectedEvents, 'not UTF-8', '');
      if (ownNumber !== undefined) answer.numberedEvent(ownNumber);
      if (stampNs !== undefined) stamped(stampNs, atNs);
      if (tokens !== undefined) answer.tokens = tokens;
      const gapNs = answer.event(atNs);
      if (answer.isMeasured) times.event(answer, gapNs, atNs);
      if (content !== undefined) {
        if (measuring(atNs)) outcome.chunks++;
        const contentGapNs = answer.content(content, atNs);
        if (answer.isMeasured) times.content(answer, content, contentGapNs, atNs);
      }
      if (error !== undefined) return { error: textWithoutSecrets(error) };
      return isEnd ? 'end' : undefined;
    },
    comment: () => void counts.comments++,
    over(answer, end, atNs) {
      const isCompleted = end === 'completed';
      if (measuring(atNs) && !isCapped(end)) endedNow(answer, isCompleted);
      if (!answer.isMeasured) return;
      audited(answer);
      countEnd(end);
      if (!isCompleted) return;
      if (answer.tokens !== undefined) outcome.withUsage++;
      times.completed(answer);
    },
    encodings,
    endMeasuring: (atNs) => void (endNs = Math.min(endNs, atNs)),
    endNs: () => endNs,
    events: () => counts.eventsInAll,
    recording() {
      Object.assign(counts, times.gaps);
      const eventData = reader.findings() ?? noEventData();
      const findings = { counts, failures, unexpectedEvents, eventData };
      return recordingOf([
        encodings,
        { findings: () => ({ ...findings, histograms: times.ofStreams }) },
      ]);
    },
    findings: () => ({
      outcome,
      histograms: Object.fromEntries(
        answerHistograms.map((name) => [name, times.ofAnswers[name].encode()]),
      ) as AnswerFindings['histograms'],
    }),
  };
}

const isCapped = (end: AnswerEnd) => end === 'capped' || end === 'stillRunning';
