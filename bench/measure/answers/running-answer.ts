/** One answer from its request to its end: what arrived, and when. Times are of the common clock. */
import { createSequenceAudit, type SequenceAudit } from '../sequence.ts';

/** The times of one answer in milliseconds from its intended start; `undefined` if unknown. */
export interface AnswerFigures {
  headers: number | undefined;
  firstEvent: number | undefined;
  /** The first event with content: of any channel, and of the answer itself. */
  firstToken: number | undefined;
  firstAnswer: number | undefined;
  /** The last event with content. */
  total: number | undefined;
  /** The longest time between two events with content. */
  longestGap: number | undefined;
  /** From the first to the last content, for each further token, and for each further event. */
  perToken: number | undefined;
  perChunk: number | undefined;
}

/** NaN means that it has not happened. A class, since there may be thousands at a time. */
export class RunningAnswer {
  readonly intendedNs: number;
  readonly startedNs: number;
  /** Whether its intended start is in the measurement. */
  readonly isMeasured: boolean;
  readonly audit: SequenceAudit;
  headersNs = NaN;
  hasBody = false;
  firstEventNs = NaN;
  lastEventNs = NaN;
  firstTokenNs = NaN;
  firstAnswerNs = NaN;
  lastTokenNs = NaN;
  longestGapNs = NaN;
  events = 0;
  numbered = 0;
  /** Events with content: on any channel, and of the answer itself. */
  chunks = 0;
  answerChunks = 0;
  tokens: number | undefined = undefined;

  constructor(
    intendedNs: number,
    startedNs: number,
    isMeasured: boolean,
    firstNumber: number | 'any',
  ) {
    this.intendedNs = intendedNs;
    this.startedNs = startedNs;
    this.isMeasured = isMeasured;
    this.audit = createSequenceAudit(1, firstNumber);
  }

  /** @returns the time since the event before; NaN for the first */
  event(atNs: number): number {
    const gapNs = atNs - this.lastEventNs;
    if (this.events++ === 0) this.firstEventNs = atNs;
    this.lastEventNs = atNs;
    return gapNs;
  }

  /** Takes an event with content. @returns the time since the one before; NaN for the first */
  content(channel: 'answer' | 'reasoning', atNs: number): number {
    const gapNs = atNs - this.lastTokenNs;
    if (this.chunks++ === 0) this.firstTokenNs = atNs;
    if (channel === 'answer' && this.answerChunks++ === 0) this.firstAnswerNs = atNs;
    if (!(gapNs <= this.longestGapNs)) this.longestGapNs = gapNs;
    this.lastTokenNs = atNs;
    return gapNs;
  }

  numberedEvent(number: number): void {
    this.numbered++;
    this.audit.record(0, number);
  }

  figures(): AnswerFigures {
    const { intendedNs, firstTokenNs, lastTokenNs, chunks, tokens } = this;
    const since = (atNs: number) => known((atNs - intendedNs) / 1e6);
    // One event has no duration, however many tokens it has.
    const each = (steps: number) =>
      chunks > 1 && steps > 0 ? (lastTokenNs - firstTokenNs) / 1e6 / steps : undefined;
    return {
      headers: since(this.headersNs),
      firstEvent: since(this.firstEventNs),
      firstToken: since(firstTokenNs),
      firstAnswer: since(this.firstAnswerNs),
      total: since(lastTokenNs),
      longestGap: known(this.longestGapNs / 1e6),
      perToken: tokens === undefined ? undefined : each(tokens - 1),
      perChunk: each(chunks - 1),
    };
  }
}

const known = (ms: number) => (Number.isNaN(ms) ? undefined : ms);
