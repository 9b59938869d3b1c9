import { z } from 'zod';
import { count, stamp, stampOf } from './stamp.ts';

/** How a browser that shows the live page changes a measurement: `npm run live-cost`. */
export const liveCostProofSchema = z.object({
  ...stamp,
  /** Rounds of each kind, and how many of them were invalid. */
  rounds: count,
  invalidWatched: count,
  invalidAlone: count,
  rows: z.array(
    z.object({
      what: z.string(),
      /** Pairs in which both runs have the figure. */
      pairs: count,
      /** The watched run divided by the other: the median over the pairs, and its 95 % interval. */
      ratio: z.number(),
      low: z.number(),
      high: z.number(),
    }),
  ),
});
export type LiveCostProof = z.infer<typeof liveCostProofSchema>;

export function liveCostSection({
  rows,
  rounds,
  invalidWatched,
  invalidAlone,
  ...proof
}: LiveCostProof): string {
  return [
    [
      '| with the page, relative to without | pairs of runs | ratio | 95 % interval |',
      '| --- | --: | --: | --: |',
      ...rows.map(
        ({ what, pairs, ratio, low, high }) =>
          `| ${what} | ${pairs} | ${ratio.toFixed(3)} | ${low.toFixed(3)}–${high.toFixed(3)} |`,
      ),
    ].join('\n'),
    `${rounds} rounds of each kind: ${invalidWatched} were invalid with the page and ${invalidAlone} without. ${stampOf(proof)}`,
  ].join('\n\n');
}
