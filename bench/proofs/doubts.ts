import { z } from 'zod';
import { count, stamp, stampOf } from './stamp.ts';

/** How often each cause of an invalid measurement was found: `npm run doubts`. */
export const doubtsProofSchema = z.object({
  ...stamp,
  rows: z.array(
    z.object({
      what: z.string(),
      /** The validity check that must find it; `null` if no check may find anything. */
      check: z.string().nullable(),
      measured: count,
      /** Rounds in which this check found it. */
      found: count,
      /** Rounds that were invalid or failed, for any reason. */
      flagged: count,
      /**
       * Additional rounds that should have been healthy, but in which the machine's host took away
       * CPU time. They were repeated.
       */
      repeated: count,
    }),
  ),
});
export type DoubtsProof = z.infer<typeof doubtsProofSchema>;

export function doubtsSection({ rows, ...proof }: DoubtsProof): string {
  return [
    [
      '| distortion | check that must detect it | detected | invalid or failed rounds |',
      '| --- | --- | --: | --: |',
      ...rows.map(
        ({ what, check, found, flagged, measured, repeated }) =>
          `| ${what}${repeated === 0 ? '' : ` (${repeated} repeated, because the host took CPU time)`} | ${check ?? 'no check'} | ${check === null ? '–' : `${found} of ${measured}`} | ${flagged} of ${measured} |`,
      ),
    ].join('\n'),
    stampOf(proof),
  ].join('\n\n');
}
