import { z } from 'zod';
import { count, stamp, stampOf } from './stamp.ts';

/** What it changes of a measurement that a browser shows its page meanwhile: `npm run live-cost`. */
export const liveCostProofSchema = z.object({
  ...stamp,
  /** Of each kind; and how many of them were invalid. */
  rounds: count,
  invalidWatched: count,
  invalidAlone: count,
  rows: z.array(
    z.object({
      what: z.string(),
      /** Those in which both runs have the figure. */
      pairs: count,
      /** The watched run's by the other's: the median of the pairs, and its interval of 95 %. */
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
      '| watched, against not | pairs of runs | ratio | 95 % interval |',
      '| --- | --: | --: | --: |',
      ...rows.map(
        ({ what, pairs, ratio, low, high }) =>
          `| ${what} | ${pairs} | ${ratio.toFixed(3)} | ${low.toFixed(3)}–${high.toFixed(3)} |`,
      ),
    ].join('\n'),
    `Of ${rounds} rounds of each kind, ${invalidWatched} were invalid watched and ${invalidAlone} alone. ${stampOf(proof)}`,
  ].join('\n\n');
}
