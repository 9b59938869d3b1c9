import { z } from 'zod';
import { count, stamp, stampOf } from './stamp.ts';

/**
 * How often the check found each faulty server leaking and each clean one clean:
 * `npm run controls`.
 */
export const controlsProofSchema = z.object({
  ...stamp,
  rows: z.array(
    z.object({
      server: z.string(),
      faulty: z.boolean(),
      /**
       * Disconnect modes in which the check must find a leak, and those in which it must find none.
       */
      leaksIn: z.array(z.string()),
      cleanIn: z.array(z.string()),
      checked: count,
      /**
       * The smallest and largest number of leaks per disconnect, over all checks and modes. `null`
       * for rates, and for servers without a leak.
       */
      perDisconnect: z.object({ least: z.number(), most: z.number() }).nullable().default(null),
      /**
       * Checks in which every mode had the expected result, including the kind and the line of each
       * leak.
       */
      right: count,
      /** The mistakes in the other checks. */
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
      '| server | must leak in | must be clean in | leaks per disconnect | right checks |',
      '| --- | --- | --- | --: | --: |',
      ...rows.map(
        ({ server, faulty, leaksIn, cleanIn, perDisconnect, checked, right }) =>
          `| ${faulty ? `\`${server}\`` : server} | ${list(leaksIn)} | ${list(cleanIn)} | ${range(perDisconnect)} | ${right} of ${checked} |`,
      ),
    ].join('\n'),
    stampOf(proof),
  ].join('\n\n');
}
