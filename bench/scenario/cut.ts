/** How long it takes until clients are back whose streams were cut. Pure. */
import type { Cut } from './scenario.ts';

/** What a server may take to be there again. */
const startMs = { end: 0, restart: 1_000, crash: 1_000 } as const;
/** For the last of them to have their answer. */
const answerMs = 500;

/** What a measuring must have at least, so that all can be back at its end: milliseconds. */
export const cutNeedsMs = ({ how, retryMs, jitterMs }: Cut, intervalMs: number): number => Math.max(retryMs, startMs[how]) + jitterMs + intervalMs + answerMs;
