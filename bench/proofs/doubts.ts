import { z } from 'zod';
import { count, stamp, stampOf } from './stamp.ts';

/** How often each cause of a spoilt measurement was found: `npm run doubts`. */
export const doubtsProofSchema = z.object({
  ...stamp,
  rows: z.array(
    z.object({
      what: z.string(),
      /** The check that must find it; `null` where nothing may be found. */
      check: z.string().nullable(),
      measured: count,
      /** Rounds in which that check found it. */
      found: count,
      /** Rounds that were invalid, or failed, for whatever reason. */
      flagged: count,
      /** Rounds beside these that were to be healthy, and had their cores taken by the machine's host. */
      repeated: count,
    }),
  ),
});
export type DoubtsProof = z.infer<typeof doubtsProofSchema>;

export function doubtsSection({ rows, ...proof }: DoubtsProof): string {
  return [
    [
      '| caused | must be found by | found | invalid or failed in all |',
      '| --- | --- | --: | --: |',
      ...rows.map(
        ({ what, check, found, flagged, measured, repeated }) =>
          `| ${what}${repeated === 0 ? '' : ` (${repeated} more repeated: the host took cores)`} | ${check ?? 'no check'} | ${check === null ? '–' : `${found} of ${measured}`} | ${flagged} of ${measured} |`,
      ),
    ].join('\n'),
    stampOf(proof),
  ].join('\n\n');
}
