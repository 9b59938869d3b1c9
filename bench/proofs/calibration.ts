import { z } from 'zod';
import { count, stamp, stampOf } from './stamp.ts';

/**
 * How often comparisons gave the right verdict for servers known to be equal or different:
 * `npm run calibrate`.
 */
export const calibrationProofSchema = z.object({
  ...stamp,
  /** Valid rounds of each server, from which the comparisons were drawn. */
  recorded: count,
  comparisons: count,
  rows: z.array(
    z.object({
      against: z.string(),
      /** Rounds on each side of a comparison. */
      rounds: count,
      /** Metric → verdict → number of comparisons. */
      metrics: z.record(
        z.string(),
        z.object({ better: count, worse: count, same: count, inconclusive: count }),
      ),
      /** Comparisons in which any metric was better or worse. */
      different: count,
    }),
  ),
});
export type CalibrationProof = z.infer<typeof calibrationProofSchema>;

/** @param base the server that was compared, for the title of the first column */
export function calibrationSection(
  base: string,
  { rows, recorded, comparisons, ...proof }: CalibrationProof,
): string {
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
      `| ${base} compared with | rounds per side | different in any metric | ${names.map((name) => `\`${name}\``).join(' | ')} |`,
      `| --- | --: | --: | ${names.map(() => '--:').join(' | ')} |`,
      ...rows.map(
        ({ against, rounds, different, metrics }) =>
          `| ${against} | ${rounds} | ${percent(different)} | ${names.map((name) => cell(metrics[name]!)).join(' | ')} |`,
      ),
    ].join('\n'),
    `Each cell: worse / better / same / inconclusive. Each row: ${comparisons.toLocaleString('en-US')} comparisons, drawn from at least ${recorded} valid rounds per server. ${stampOf(proof)}`,
  ].join('\n\n');
}
