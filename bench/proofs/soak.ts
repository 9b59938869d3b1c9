import { z } from 'zod';
import { count, stamp, stampOf } from './stamp.ts';

/** Memory of a generator over ten minutes: `npm run soak`. */
export const soakProofSchema = z.object({
  ...stamp,
  streams: count,
  eventsPerSecond: z.number(),
  /**
   * One sample a minute, after a garbage collection: held (live) bytes, and resident bytes at that
   * moment.
   */
  samples: z.array(z.object({ minute: count, heldBytes: z.number(), rssBytes: z.number() })),
  events: count,
  failed: count,
});
export type SoakProof = z.infer<typeof soakProofSchema>;

export function soakSection({
  samples,
  streams,
  eventsPerSecond,
  events,
  failed,
  ...proof
}: SoakProof): string {
  const shown = samples.filter(({ minute }) => [1, 2, 5, samples.length].includes(minute));
  const row = (title: string, cells: readonly string[]) => `| ${title} | ${cells.join(' | ')} |`;
  const growth = samples.at(-1)!.heldBytes / samples[0]!.heldBytes - 1;
  return [
    [
      row(
        'after',
        shown.map(({ minute }) => `${minute} min`),
      ),
      row(
        '---',
        shown.map(() => '--:'),
      ),
      row(
        'held after a garbage collection, MB',
        shown.map(({ heldBytes }) => (heldBytes / 2 ** 20).toFixed(1)),
      ),
      row(
        'resident memory then, MB',
        shown.map(({ rssBytes }) => (rssBytes / 2 ** 20).toFixed(1)),
      ),
    ].join('\n'),
    `${streams.toLocaleString('en-US')} streams, ${eventsPerSecond} events per second and stream: ${events.toLocaleString('en-US')} events, ` +
      `${failed} failed streams. Change from the first minute to the last: ${(100 * growth).toFixed(1)} %. ${stampOf(proof)}`,
  ].join('\n\n');
}
