import { z } from 'zod';
import { count, stamp, stampOf } from './stamp.ts';

/** How often each faulty server was caught, and each clean one let pass: `npm run controls`. */
export const controlsProofSchema = z.object({
  ...stamp,
  rows: z.array(
    z.object({
      server: z.string(),
      faulty: z.boolean(),
      /** Ways to leave in which it must be caught, and in which it must be let pass. */
      leaksIn: z.array(z.string()),
      cleanIn: z.array(z.string()),
      checked: count,
      /** Checks in which every mode was as it should be: with the kind, the figure and the line where there is a leak. */
      right: count,
      /** What was wrong in the others. */
      wrong: z.array(z.string()),
    }),
  ),
});
export type ControlsProof = z.infer<typeof controlsProofSchema>;

export function controlsSection({ rows, ...proof }: ControlsProof): string {
  const list = (modes: readonly string[]) => (modes.length > 0 ? modes.join(', ') : '–');
  return [
    [
      '| server | must leak in | must be clean in | right in all of them |',
      '| --- | --- | --- | --: |',
      ...rows.map(({ server, faulty, leaksIn, cleanIn, checked, right }) => `| ${faulty ? `\`${server}\`` : server} | ${list(leaksIn)} | ${list(cleanIn)} | ${right} of ${checked} |`),
    ].join('\n'),
    stampOf(proof),
  ].join('\n\n');
}
