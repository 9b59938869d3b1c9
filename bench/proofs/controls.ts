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
      /** The least and the most that leaked for each disconnect, over all checks and modes; `null` of rates, and where nothing leaks. */
      perDisconnect: z.object({ least: z.number(), most: z.number() }).nullable().default(null),
      /** Checks in which every mode was as it should be: with the kind and the line where there is a leak. */
      right: count,
      /** What was wrong in the others. */
      wrong: z.array(z.string()),
    }),
  ),
});
export type ControlsProof = z.infer<typeof controlsProofSchema>;

export function controlsSection({ rows, ...proof }: ControlsProof): string {
  const list = (modes: readonly string[]) => (modes.length > 0 ? modes.join(', ') : '–');
  const range = (leaked: ControlsProof['rows'][number]['perDisconnect']) =>
    leaked === null
      ? '–'
      : [...new Set([leaked.least.toFixed(2), leaked.most.toFixed(2)])].join('–');
  return [
    [
      '| server | must leak in | must be clean in | leaked per disconnect | right in all of them |',
      '| --- | --- | --- | --: | --: |',
      ...rows.map(
        ({ server, faulty, leaksIn, cleanIn, perDisconnect, checked, right }) =>
          `| ${faulty ? `\`${server}\`` : server} | ${list(leaksIn)} | ${list(cleanIn)} | ${range(perDisconnect)} | ${right} of ${checked} |`,
      ),
    ].join('\n'),
    stampOf(proof),
  ].join('\n\n');
}
