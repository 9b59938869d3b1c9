import { z } from 'zod';
import { count, stamp, stampOf } from './stamp.ts';

/** Random responses that are split at random, and read in two ways: `npm run splits`. */
export const splitsProofSchema = z.object({
  ...stamp,
  /** In process, against a plain parser. The seeds of the responses are 0 and up. */
  inProcess: z.object({
    splits: count,
    responses: count,
    /** Contents of all responses, each counted once. */
    events: count,
    comments: count,
    retries: count,
    different: count,
    seconds: z.number(),
  }),
  /** Over real sockets, by both transports. */
  overSockets: z.object({
    responses: count,
    /** Ends of the responses: `ended`, or the cause of the failure. */
    ends: z.record(z.string(), count),
    different: count,
    seconds: z.number(),
  }),
});
export type SplitsProof = z.infer<typeof splitsProofSchema>;

export function splitsSection({ inProcess, overSockets, ...proof }: SplitsProof): string {
  const number = (value: number) => Math.round(value).toLocaleString('en-US');
  const causes = Object.keys(overSockets.ends).filter((end) => end !== 'ended');
  const failed = overSockets.responses - (overSockets.ends.ended ?? 0);
  return [
    [
      '| what was compared | splits | differences | seconds |',
      '| --- | --: | --: | --: |',
      `| the reader of responses and a plain parser, in one process | ${number(inProcess.splits)} | ${inProcess.different} | ${number(inProcess.seconds)} |`,
      `| both transports, over real sockets | ${number(overSockets.responses)} | ${overSockets.different} | ${number(overSockets.seconds)} |`,
    ].join('\n'),
    `In process, ${number(inProcess.responses)} responses had ${number(inProcess.events)} events, ${number(inProcess.comments)} comments and ${number(inProcess.retries)} \`retry\` lines. ` +
      `Over sockets, ${number(failed)} responses failed, with ${causes.length} different causes. ${stampOf(proof)}`,
  ].join('\n\n');
}
