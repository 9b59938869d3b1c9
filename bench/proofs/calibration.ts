import { z } from 'zod';
import { count, stamp, stampOf } from './stamp.ts';

/** How often comparisons of servers that are known to be alike, or not, came out so: `npm run calibrate`. */
export const calibrationProofSchema = z.object({
  ...stamp,
  /** Valid rounds of each server, of which the comparisons were drawn. */
  recorded: count,
  comparisons: count,
  rows: z.array(
    z.object({
      against: z.string(),
      /** On either side of each comparison. */
      rounds: count,
      /** Metric → verdict → in how many comparisons. */
      metrics: z.record(
        z.string(),
        z.object({ better: count, worse: count, same: count, inconclusive: count }),
      ),
      /** Comparisons in which any metric came out better or worse. */
      different: count,
    }),
  ),
});
export type CalibrationProof = z.infer<typeof calibrationProofSchema>;

export function calibrationSection({
  rows,
  recorded,
  comparisons,
  ...proof
}: CalibrationProof): string {
  const names = Object.keys(rows[0]!.metrics);
  const percent = (times: number) => `${((100 * times) / comparisons).toFixed(1)} %`;
  const cell = ({
    better,
    worse,
    same,
    inconclusive,
  }: CalibrationProof['rows'][number]['metrics'][string]) =>
    [worse, better, same, inconclusive].map(percent).join(' / ');
  return [
    [
      `| express and | rounds of each | different in any | ${names.map((name) => `\`${name}\``).join(' | ')} |`,
      `| --- | --: | --: | ${names.map(() => '--:').join(' | ')} |`,
      ...rows.map(
        ({ against, rounds, different, metrics }) =>
          `| ${against} | ${rounds} | ${percent(different)} | ${names.map((name) => cell(metrics[name]!)).join(' | ')} |`,
      ),
    ].join('\n'),
    `In the cells: worse / better / same / inconclusive. ${comparisons.toLocaleString('en-US')} comparisons in each row, of ${recorded} valid rounds at least of each server. ${stampOf(proof)}`,
  ].join('\n\n');
}
