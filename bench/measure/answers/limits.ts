/** Judges single answers by the limits of the user. Their share is the goodput. Pure. */
import {
  isMet,
  type StreamExpectation,
  type StreamFigure,
} from '../../scenario/stream-expectation.ts';
import type { AnswerFigures } from './running-answer.ts';

/**
 * The figures that limits are for, in milliseconds; `undefined` without any content. An answer with
 * one event of content has no gap and no time per token, so both are 0. Without tokens of the
 * server, the time per token is that per event.
 */
const figureOf: Readonly<Record<StreamFigure, (answer: AnswerFigures) => number | undefined>> = {
  'first-token': ({ firstToken }) => firstToken,
  'first-answer': ({ firstAnswer }) => firstAnswer,
  total: ({ total }) => total,
  tpot: ({ perToken, perChunk, total }) => perToken ?? perChunk ?? (total && 0),
  gap: ({ longestGap, total }) => longestGap ?? (total && 0),
};

/** @returns whether an answer meets all limits; one without such a figure does not */
export const meetsAll = (limits: readonly StreamExpectation[], answer: AnswerFigures): boolean =>
  limits.every((limit) => {
    const ms = figureOf[limit.figure](answer);
    return ms !== undefined && isMet(limit, ms);
  });
