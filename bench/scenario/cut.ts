/** Streams that the server cuts, and whose clients come again: what is asked for, and how long it takes. Pure. */
import { z } from 'zod';

/** How a server cuts its streams: it ends them, or its process ends and is started again, politely or not. */
export const cuts = ['end', 'restart', 'crash'] as const;

export const cutSchema = z.object({
  how: z.enum(cuts),
  /** How long clients wait before they come again; what the server says (`retry:`) goes before it. */
  retryMs: z.number().nonnegative(),
  /** Each waits up to so much longer, at random. */
  jitterMs: z.number().nonnegative(),
});
export type Cut = z.infer<typeof cutSchema>;

/** What a server may take to be there again. */
const startMs = { end: 0, restart: 1_000, crash: 1_000 } as const;
/** For the last of them to have their answer. */
const answerMs = 500;

/** What a measuring must have at least, so that all can be back at its end: milliseconds. */
export const cutNeedsMs = ({ how, retryMs, jitterMs }: Cut, intervalMs: number): number =>
  Math.max(retryMs, startMs[how]) + jitterMs + intervalMs + answerMs;
