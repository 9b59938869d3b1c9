import { z } from 'zod';
import { count, stamp, stampOf } from './stamp.ts';

/** Many streams held for a minute by one command: `npm run hold`. */
export const holdProofSchema = z.object({
  ...stamp,
  /** The command line of the run. */
  run: z.string(),
  streams: count,
  serverProcesses: count,
  generators: count,
  /** From the first stream until all were open. */
  rampMs: z.number(),
  heldMs: z.number(),
  /** Events in the measurement, and how many the plan has. */
  events: count,
  plannedEvents: count,
  missing: count,
  failed: count,
  ended: count,
  openAtEnd: count,
  /** Resident memory with all streams open, and shares of one core in the measurement. */
  server: z.object({ rssBytes: z.number(), cpuShare: z.number() }),
  load: z.object({ rssBytes: z.number(), cpuShare: z.number() }),
  /** Why the figures of the round are invalid; empty if they are valid. */
  doubts: z.array(z.string()),
  /** The whole command, from its start to its exit. */
  wholeMs: z.number(),
  /** The HTML report: its size, and the time until a browser shows its table. */
  report: z.object({ bytes: count, openMs: z.number() }),
});
export type HoldProof = z.infer<typeof holdProofSchema>;

/** @returns whether the proof shows what it promises */
export const holds = ({
  streams,
  missing,
  failed,
  ended,
  openAtEnd,
  rampMs,
  report,
}: HoldProof | Omit<HoldProof, keyof typeof stamp>): boolean =>
  missing + failed + ended === 0 &&
  openAtEnd === streams &&
  rampMs < 180_000 &&
  report.openMs < 1_000;

const grouped = (number: number) => number.toLocaleString('en-US');
const megabytes = (bytes: number) => `${grouped(Math.round(bytes / 1e6))} MB`;
const percent = (share: number) => `${Math.round(100 * share)} %`;
const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;

export function holdSection({ run, server, load, report, doubts, ...proof }: HoldProof): string {
  const rows: readonly (readonly [string, string])[] = [
    ['streams, all open at the end', `${grouped(proof.openAtEnd)} of ${grouped(proof.streams)}`],
    ['time until all were open', seconds(proof.rampMs)],
    ['held for', seconds(proof.heldMs)],
    [
      'events in this time, and planned',
      `${grouped(proof.events)} of ${grouped(proof.plannedEvents)}`,
    ],
    ['events lost', grouped(proof.missing)],
    ['streams failed or ended', grouped(proof.failed + proof.ended)],
    [
      `server: ${proof.serverProcesses} processes`,
      `${megabytes(server.rssBytes)}, ${percent(server.cpuShare)} of a core`,
    ],
    [
      `load: ${proof.generators} generators`,
      `${megabytes(load.rssBytes)}, ${percent(load.cpuShare)} of a core`,
    ],
    ['validity', doubts.length === 0 ? 'valid' : doubts.join('; ')],
    ['the whole command', seconds(proof.wholeMs)],
    [
      'HTML report: size, time to open',
      `${grouped(Math.round(report.bytes / 1e3))} KB, ${seconds(report.openMs)}`,
    ],
  ];
  return [
    [
      '| figure | value |',
      '| --- | --- |',
      ...rows.map((cells) => `| ${cells.join(' | ')} |`),
    ].join('\n'),
    `\`${run}\`. ${stampOf(proof)}`,
  ].join('\n\n');
}
