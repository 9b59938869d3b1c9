/** What was measured of the harness itself, and is kept in `results/proofs`: its form, and how bench/README shows it. */
import { z } from 'zod';

const count = z.int().nonnegative();
const stamp = { date: z.iso.date(), ssebench: z.string(), node: z.string(), machine: z.string(), command: z.string() };

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
    }),
  ),
});
export type DoubtsProof = z.infer<typeof doubtsProofSchema>;

/** A generator's resident memory over ten minutes: `npm run soak`. */
export const soakProofSchema = z.object({
  ...stamp,
  streams: count,
  eventsPerSecond: z.number(),
  /** Seconds since all streams were open. */
  samples: z.array(z.object({ atS: z.number(), rssBytes: z.number() })),
  events: count,
  failed: count,
});
export type SoakProof = z.infer<typeof soakProofSchema>;

export function doubtsSection({ rows, ...proof }: DoubtsProof): string {
  return [
    [
      '| caused | must be found by | found | invalid or failed in all |',
      '| --- | --- | --: | --: |',
      ...rows.map(
        ({ what, check, found, flagged, measured }) =>
          `| ${what} | ${check ?? 'no check'} | ${check === null ? '–' : `${found} of ${measured}`} | ${flagged} of ${measured} |`,
      ),
    ].join('\n'),
    stampOf(proof),
  ].join('\n\n');
}

/** The median of the samples in the half minute before a time. */
export function residentMb(samples: SoakProof['samples'], endS: number): number {
  const window = samples.filter(({ atS }) => atS > endS - 30 && atS <= endS).map(({ rssBytes }) => rssBytes / 2 ** 20);
  return window.toSorted((a, b) => a - b)[Math.floor(window.length / 2)] ?? NaN;
}

export function soakSection({ samples, streams, eventsPerSecond, events, failed, ...proof }: SoakProof): string {
  const lastS = Math.floor(samples.at(-1)!.atS / 60) * 60;
  const minutes = [1, 2, 5, lastS / 60].filter((minute, index, all) => minute * 60 <= lastS && all.indexOf(minute) === index);
  const [first, last] = [residentMb(samples, 60), residentMb(samples, lastS)];
  return [
    [
      `| after | ${minutes.map((minute) => `${minute} min`).join(' | ')} |`,
      `| --- |${' --: |'.repeat(minutes.length)}`,
      `| resident, MB | ${minutes.map((minute) => residentMb(samples, minute * 60).toFixed(1)).join(' | ')} |`,
    ].join('\n'),
    `${streams.toLocaleString('en-US')} streams, ${eventsPerSecond} events a second on each: ${events.toLocaleString('en-US')} events, ` +
      `${failed} failed streams; from the first minute to the last ${(100 * (last / first - 1)).toFixed(1)} %. ${stampOf(proof)}`,
  ].join('\n\n');
}

function stampOf({ date, ssebench, node, machine, command }: Pick<DoubtsProof, keyof typeof stamp>): string {
  return `\`${command}\`, ${date}, ssebench ${ssebench}, Node ${node}; ${machine}.`;
}
