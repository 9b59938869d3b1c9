/** How long it takes until clients are back whose streams were cut. Pure. */
import type { Cut } from './scenario.ts';

/** For the last of them to have their answer. */
const answerMs = 500;

/** What a measuring must have at least, so that all can be back at its end: milliseconds. */
export const cutNeedsMs = ({ retryMs, jitterMs }: Cut, intervalMs: number): number => retryMs + jitterMs + intervalMs + answerMs;
