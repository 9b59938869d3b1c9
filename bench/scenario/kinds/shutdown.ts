/** Sends SIGTERM to the server while streams are open, and observes the streams and the server. */
import { z } from 'zod';
import type { Complain } from '../complaint.ts';
import { formatDuration } from '../duration.ts';
import { duration, type OptionValues } from '../option.ts';
import type { RestOfRequest, CommonValues, KindVerdict, LoadKind } from './kind.ts';

const schema = z.object({
  kind: z.literal('shutdown'),
  /** How long the server may take to end before ssebench kills it, as an orchestrator would. */
  graceMs: z.number().positive(),
});
type Shutdown = z.infer<typeof schema>;

const count = z.int().nonnegative();
const outcome = z.object({
  kind: z.literal('shutdown'),
  /** Streams that were open at the signal. Each is also in one of the next three counts. */
  streams: count,
  /** Streams with a complete response, such as the final chunk, and no partial event. */
  endedProperly: count,
  /**
   * Streams with an incomplete response or a partial event; `cutInEvent` counts only those with a
   * partial event.
   */
  cut: count,
  cutInEvent: count,
  /** Streams still open when the process had ended, or its time was over. */
  stillOpen: count,
  /** Streams on which the server sent a reconnect delay (`retry:`). */
  retrySeen: count,
  /** Events received completely, each counted once. */
  received: count,
  /**
   * Events that the server reports it sent; `null` without a report, for example from a killed
   * process.
   */
  sent: count.nullable(),
  /**
   * Sent events that never arrived completely: exact if `sent` is known, otherwise a lower bound.
   * `null` if nothing can show them: the events have no numbers, and none was cut.
   */
  lost: count.nullable(),
  /**
   * Milliseconds from the signal until the server refuses a new connection; `null` if it never did.
   */
  refusedAfterMs: z.number().nullable(),
  /** Milliseconds from the signal to the end of the process. */
  exitAfterMs: z.number(),
  exitCode: z.int().nullable(),
  /** The signal that ended the process, if one did. */
  signal: z.string().nullable(),
  wasKilled: z.boolean(),
});
export type ShutdownOutcome = z.infer<typeof outcome>;

const options = {
  grace: {
    flags: '--grace [time]',
    about: 'send SIGTERM with streams open; kill the server if it runs this long',
    ...duration(1, '30s'),
  },
};
type Values = OptionValues<typeof options> & CommonValues;

const figures = [
  'refused-after',
  'ended-properly',
  'cut-streams',
  'cut-in-event',
  'still-open',
  'lost-events',
  'retry-seen',
  'exit-after',
  'exit-code',
  'killed',
];

function refuse(
  { interval = 100, warmup }: Values,
  _request: RestOfRequest,
  complain: Complain,
): void {
  if (interval === 0)
    complain(
      '--interval 0ms: --grace needs an event per interval; choose one, such as --interval 100ms',
    );
  if (warmup !== undefined && warmup < interval)
    complain(
      `--warmup ${formatDuration(warmup)}: some streams would have no event before SIGTERM; use --warmup ${formatDuration(interval)} or more, or a shorter --interval`,
    );
}

const isHanging = ({ wasKilled, stillOpen }: ShutdownOutcome) => wasKilled || stillOpen > 0;
const isCutting = ({ cut, lost }: ShutdownOutcome) => cut > 0 || (lost ?? 0) > 0;

/** The rounds with the worst verdict decide; the sentence describes the first of them. */
function judge(outcomes: readonly ShutdownOutcome[]): KindVerdict {
  const ranked = [
    { state: 'hangs', those: outcomes.filter(isHanging) },
    { state: 'cuts streams', those: outcomes.filter(isCutting) },
    { state: 'clean', those: outcomes },
  ];
  const { state, those } = ranked.find((each) => each.those.length > 0)!;
  const rounds = outcomes.length > 1 ? ` (in ${those.length} of ${outcomes.length} rounds)` : '';
  return { state, passed: state === 'clean', sentence: `${inWords(those[0]!)}${rounds}` };
}

function inWords({
  streams,
  endedProperly,
  cut,
  cutInEvent,
  stillOpen,
  sent,
  lost,
  refusedAfterMs,
  exitAfterMs,
  exitCode,
  signal,
  wasKilled,
}: ShutdownOutcome): string {
  const after = formatDuration(Math.round(exitAfterMs));
  const lostCount = sent === null ? `at least ${lost}` : lost;
  const lostInWords =
    sent === null && !lost
      ? 'the number of lost events is unknown'
      : `${lostCount} events were lost`;
  const ofStreams = [
    `${endedProperly} of ${streams} streams ended properly`,
    ...(cut > 0 ? [`${cut} were cut (${cutInEvent} within an event)`] : []),
    ...(stillOpen > 0 ? [`${stillOpen} were still open after ${after}`] : []),
    ...(lost || sent === null ? [lostInWords] : []),
  ].join(', ');
  const refused =
    refusedAfterMs === null
      ? 'New connections were never refused'
      : `New connections were refused after ${formatDuration(Math.round(refusedAfterMs))}`;
  const end = wasKilled
    ? `ssebench had to kill the process after ${after}`
    : `the process ended after ${after} ${signal === null ? `with exit code ${exitCode}` : `by ${signal}`}`;
  return `${ofStreams}. ${refused}, and ${end}`;
}

export const shutdown = {
  schema,
  outcome,
  options,
  trigger: 'grace',
  figures,
  namedScenarios: {
    shutdown: {
      about: 'the server gets SIGTERM while 100 streams are open',
      question: 'What happens to open streams when the server is told to stop?',
      meaning:
        'The server gets SIGTERM and the grace period of an orchestrator (`--grace`). Then it is killed. ' +
        'The verdict is clean if all streams end properly, no event is lost, and the process ends in time. Otherwise the verdict is “cuts streams” or “hangs”, and the exit code is 5. ' +
        'Clients keep their connections open for later requests, like browsers and proxies. A server that waits for these connections hangs for a while too. ' +
        'Only events that the server had sent count as lost. Reference servers report that number when they end, so it is exact. If a server reports nothing or is killed, ssebench knows only incomplete events and gaps in the numbers. The number is then a lower bound.',
      notFor: 'to measure how clients recover from a restart. Use `reconnect-storm`.',
      figures,
      config: { grace: '30s', streams: 100 },
    },
  },
  hasQuietStreams: false,
  generator: 'the process of ssebench itself',
  read: ({ grace }: Values): Shutdown => ({ kind: 'shutdown', graceMs: grace! }),
  refuse,
  queryOf: () => '&report',
  describe: ({ graceMs }, { streams }) => ({
    streams: `${streams.toLocaleString('en-US')} streams`,
    event: `then SIGTERM, and ${formatDuration(graceMs)} to end`,
  }),
  judge,
} satisfies LoadKind<Shutdown>;
