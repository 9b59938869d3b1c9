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
      /** Rounds beside these that were to be healthy, and had their cores taken by the machine's host. */
      repeated: count,
    }),
  ),
});
export type DoubtsProof = z.infer<typeof doubtsProofSchema>;

/** A generator's memory over ten minutes: `npm run soak`. */
export const soakProofSchema = z.object({
  ...stamp,
  streams: count,
  eventsPerSecond: z.number(),
  /** After each minute, and a collection: what is held, and what is resident then. */
  samples: z.array(z.object({ minute: count, heldBytes: z.number(), rssBytes: z.number() })),
  events: count,
  failed: count,
});
export type SoakProof = z.infer<typeof soakProofSchema>;

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

/** What it costs a server under load that it can be looked into: `npm run looking`. */
export const lookingProofSchema = z.object({
  ...stamp,
  streams: count,
  eventsPerSecond: z.number(),
  rows: z.array(
    z.object({
      what: z.string(),
      rounds: count,
      medianUs: z.number(),
      /** CPU per event, by that of the server without anything at the same time: the median of the rounds, and its interval of 95 %. */
      ratio: z.number(),
      low: z.number(),
      high: z.number(),
    }),
  ),
});
export type LookingProof = z.infer<typeof lookingProofSchema>;

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
      metrics: z.record(z.string(), z.object({ better: count, worse: count, same: count, inconclusive: count })),
      /** Comparisons in which any metric came out better or worse. */
      different: count,
    }),
  ),
});
export type CalibrationProof = z.infer<typeof calibrationProofSchema>;

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

export function soakSection({ samples, streams, eventsPerSecond, events, failed, ...proof }: SoakProof): string {
  const shown = samples.filter(({ minute }) => [1, 2, 5, samples.length].includes(minute));
  const row = (title: string, cells: readonly string[]) => `| ${title} | ${cells.join(' | ')} |`;
  const growth = samples.at(-1)!.heldBytes / samples[0]!.heldBytes - 1;
  return [
    [
      row('after', shown.map(({ minute }) => `${minute} min`)),
      row('---', shown.map(() => '--:')),
      row('held after a collection, MB', shown.map(({ heldBytes }) => (heldBytes / 2 ** 20).toFixed(1))),
      row('resident then, MB', shown.map(({ rssBytes }) => (rssBytes / 2 ** 20).toFixed(1))),
    ].join('\n'),
    `${streams.toLocaleString('en-US')} streams, ${eventsPerSecond} events a second on each: ${events.toLocaleString('en-US')} events, ` +
      `${failed} failed streams; from the first minute to the last ${(100 * growth).toFixed(1)} %. ${stampOf(proof)}`,
  ].join('\n\n');
}

function stampOf({ date, ssebench, node, machine, command }: Pick<DoubtsProof, keyof typeof stamp>): string {
  return `\`${command}\`, ${date}, ssebench ${ssebench}, Node ${node}; ${machine}.`;
}

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

export function lookingSection({ rows, streams, eventsPerSecond, ...proof }: LookingProof): string {
  const figure = (value: number) => value.toFixed(3);
  return [
    [
      '| express with | CPU per event, µs | ratio | 95 % interval |',
      '| --- | --: | --: | --: |',
      ...rows.map(({ what, medianUs, ratio, low, high }) => `| ${what} | ${medianUs.toFixed(1)} | ${figure(ratio)} | ${low === high ? '–' : `${figure(low)}–${figure(high)}`} |`),
    ].join('\n'),
    `${streams} streams of each, ${eventsPerSecond} events a second on each stream, all three servers at the same time on one core; ${rows[0]!.rounds} rounds with fresh servers. ${stampOf(proof)}`,
  ].join('\n\n');
}

export function calibrationSection({ rows, recorded, comparisons, ...proof }: CalibrationProof): string {
  const names = Object.keys(rows[0]!.metrics);
  const percent = (times: number) => `${((100 * times) / comparisons).toFixed(1)} %`;
  const cell = ({ better, worse, same, inconclusive }: CalibrationProof['rows'][number]['metrics'][string]) => [worse, better, same, inconclusive].map(percent).join(' / ');
  return [
    [
      `| express and | rounds of each | different in any | ${names.map((name) => `\`${name}\``).join(' | ')} |`,
      `| --- | --: | --: | ${names.map(() => '--:').join(' | ')} |`,
      ...rows.map(({ against, rounds, different, metrics }) => `| ${against} | ${rounds} | ${percent(different)} | ${names.map((name) => cell(metrics[name]!)).join(' | ')} |`),
    ].join('\n'),
    `In the cells: worse / better / same / inconclusive. ${comparisons.toLocaleString('en-US')} comparisons in each row, of ${recorded} valid rounds at least of each server. ${stampOf(proof)}`,
  ].join('\n\n');
}
