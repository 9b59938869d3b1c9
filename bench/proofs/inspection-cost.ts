import { z } from 'zod';
import { count, stamp, stampOf } from './stamp.ts';

/** The cost of inspection for a server under load: `npm run inspection-cost`. */
export const inspectionCostProofSchema = z.object({
  ...stamp,
  streams: count,
  eventsPerSecond: z.number(),
  rows: z.array(
    z.object({
      what: z.string(),
      rounds: count,
      medianUs: z.number(),
      /**
       * CPU time per event, divided by that of the server without inspection at the same time: the
       * median over the rounds, and its 95 % interval.
       */
      ratio: z.number(),
      low: z.number(),
      high: z.number(),
    }),
  ),
});
export type InspectionCostProof = z.infer<typeof inspectionCostProofSchema>;

export function inspectionCostSection({
  rows,
  streams,
  eventsPerSecond,
  ...proof
}: InspectionCostProof): string {
  const figure = (value: number) => value.toFixed(3);
  return [
    [
      '| express with | CPU per event, µs | ratio | 95 % interval |',
      '| --- | --: | --: | --: |',
      ...rows.map(
        ({ what, medianUs, ratio, low, high }) =>
          `| ${what} | ${medianUs.toFixed(1)} | ${figure(ratio)} | ${low === high ? '–' : `${figure(low)}–${figure(high)}`} |`,
      ),
    ].join('\n'),
    `${streams} streams per server, ${eventsPerSecond} events per second and stream, all three servers at the same time on one core. ${rows[0]!.rounds} rounds with fresh servers. ${stampOf(proof)}`,
  ].join('\n\n');
}
