import { z } from 'zod';
import { formatSpread } from '../report/shared/format.ts';
import { count, stamp, stampOf } from './stamp.ts';

const spread = z.object({ median: z.number(), min: z.number(), max: z.number() });

/** How event figures depend on the way a server ticks, and on one stall: `npm run ticking`. */
export const tickingProofSchema = z.object({
  ...stamp,
  rounds: count,
  streams: count,
  intervalMs: z.number(),
  /** In milliseconds, over the rounds. */
  rows: z.array(
    z.object({ what: z.string(), deliveryP50: spread, deliveryP99: spread, loopDelayP99: spread }),
  ),
});
export type TickingProof = z.infer<typeof tickingProofSchema>;

export function tickingSection({
  rows,
  rounds,
  streams,
  intervalMs,
  ...proof
}: TickingProof): string {
  return [
    [
      '| the server has | delivery p50, ms | delivery p99, ms | event-loop delay p99, ms |',
      '| --- | --: | --: | --: |',
      ...rows.map(
        ({ what, deliveryP50, deliveryP99, loopDelayP99 }) =>
          `| ${what} | ${[deliveryP50, deliveryP99, loopDelayP99].map(formatSpread).join(' | ')} |`,
      ),
    ].join('\n'),
    `${streams.toLocaleString('en-US')} streams, one event per ${intervalMs} ms. Median of ${rounds} rounds with fresh servers (min–max). ${stampOf(proof)}`,
  ].join('\n\n');
}
