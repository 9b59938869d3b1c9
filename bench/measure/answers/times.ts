/** The times of measured answers: those of every stream, and those of content. */
import type { AnswerHistogram } from '../../result/histogram-names.ts';
import { createHistogram, type DurationHistogram } from '../histogram.ts';
import type { RunningAnswer } from './running-answer.ts';

/**
 * Takes what happens to answers with their intended start in the measurement. Times are nanoseconds
 * of the common clock.
 */
export interface AnswerTimes {
  headers(answer: RunningAnswer, atNs: number): void;
  firstByte(answer: RunningAnswer, atNs: number): void;
  /** @param gapNs the time since the event before; NaN for the first, as in `content` */
  event(answer: RunningAnswer, gapNs: number, atNs: number): void;
  content(
    answer: RunningAnswer,
    channel: 'answer' | 'reasoning',
    gapNs: number,
    atNs: number,
  ): void;
  completed(answer: RunningAnswer): void;
  /** The gaps between all events: their number and sum. */
  gaps: { gaps: number; gapsSumNs: number };
  /** The distributions that answers have in common with other streams, and their own. */
  ofStreams: ReturnType<typeof createStreamHistograms>;
  ofAnswers: Record<AnswerHistogram, DurationHistogram>;
}

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

export function createAnswerTimes(): AnswerTimes {
  const gaps = { gaps: 0, gapsSumNs: 0 };
  const ofStreams = createStreamHistograms();
  const ofAnswers = {
    firstToken: createHistogram(),
    firstAnswer: createHistogram(),
    chunkGap: createHistogram(),
    timePerToken: createHistogram(),
    timePerChunk: createHistogram(),
    answerTotal: createHistogram(),
  };
  return {
    gaps,
    ofStreams,
    ofAnswers,
    headers({ intendedNs, startedNs }, atNs) {
      ofStreams.timeToHeaders.recordNs(atNs - intendedNs);
      ofStreams.timeToHeadersUncorrected.recordNs(atNs - startedNs);
    },
    firstByte: ({ intendedNs }, atNs) => ofStreams.timeToFirstByte.recordNs(atNs - intendedNs),
    event({ intendedNs, startedNs }, gapNs, atNs) {
      if (Number.isNaN(gapNs)) {
        ofStreams.timeToFirstEvent.recordNs(atNs - intendedNs);
        ofStreams.timeToFirstEventUncorrected.recordNs(atNs - startedNs);
        return;
      }
      ofStreams.eventGap.recordNs(gapNs);
      gaps.gaps++;
      gaps.gapsSumNs += gapNs;
    },
    content({ intendedNs, answerChunks }, channel, gapNs, atNs) {
      if (Number.isNaN(gapNs)) ofAnswers.firstToken.recordNs(atNs - intendedNs);
      else ofAnswers.chunkGap.recordNs(gapNs);
      if (channel === 'answer' && answerChunks === 1)
        ofAnswers.firstAnswer.recordNs(atNs - intendedNs);
    },
    completed(answer) {
      const { total, perToken, perChunk } = answer.figures();
      record(ofAnswers.answerTotal, total);
      if (answer.tokens !== undefined) record(ofAnswers.timePerToken, perToken);
      else record(ofAnswers.timePerChunk, perChunk);
    },
  };
}

function record(histogram: DurationHistogram, ms: number | undefined): void {
  if (ms !== undefined) histogram.recordNs(ms * 1e6);
}
