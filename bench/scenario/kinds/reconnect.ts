/** Streams that the server cuts when the measurement begins, and whose clients reconnect. */
import { z } from 'zod';
import type { Complain } from '../complaint.ts';
import { formatDuration } from '../duration.ts';
import { duration, oneOf, type OptionValues } from '../option.ts';
import type { RestOfRequest, CommonValues, LoadKind } from './kind.ts';

/**
 * How a server cuts its streams: it ends them, or its process ends and starts again, after SIGTERM
 * or SIGKILL.
 */
const cuts = ['end', 'restart', 'crash'] as const;

const schema = z.object({
  kind: z.literal('reconnect'),
  how: z.enum(cuts),
  /** How long clients wait before they reconnect; a `retry:` from the server overrides it. */
  retryMs: z.number().nonnegative(),
  /** Each client waits up to this much longer, at random. */
  jitterMs: z.number().nonnegative(),
});
export type Reconnect = z.infer<typeof schema>;

/** The time that a server may take until it accepts connections again. */
const startMs = { end: 0, restart: 1_000, crash: 1_000 } as const;
/** The time for the last client to get its response. */
const answerMs = 500;

/**
 * The minimum length of the measurement, in milliseconds, so that all streams can be back at its
 * end.
 */
const needsMs = ({ how, retryMs, jitterMs }: Reconnect, intervalMs: number): number =>
  Math.max(retryMs, startMs[how]) + jitterMs + intervalMs + answerMs;

const options = {
  cut: {
    flags: '--cut [how]',
    about: 'how the server cuts all streams: end, restart (SIGTERM) or crash',
    ...oneOf(cuts),
  },
  retry: {
    flags: '--retry [time]',
    about: 'reconnect delay if the server sends no retry field (default: 1s)',
    ...duration(1, '500ms'),
  },
  jitter: {
    flags: '--jitter [time]',
    about: 'random extra delay (default: 1s, or 1s per 1,000 streams if longer)',
    ...duration(0, '2s'),
  },
};
type Values = OptionValues<typeof options> & CommonValues;

const figures = [
  'recovery.p50',
  'recovery.max',
  'connect-rate',
  'failed-attempts',
  'cut',
  'not-reconnected',
  'missed-over-cut',
  'doubled-over-cut',
  'failed',
  'missing',
];

const read = ({ cut, retry, jitter }: Values, { streams }: RestOfRequest): Reconnect => ({
  kind: 'reconnect',
  how: cut!,
  retryMs: retry ?? 1_000,
  jitterMs: jitter ?? Math.max(1_000, streams),
});

function refuse(values: Values, request: RestOfRequest, complain: Complain): void {
  const { cut, interval = 100, warmup, duration: durationMs, disconnect = 'fin' } = values;
  if (disconnect !== 'fin' && cut !== 'end')
    complain(
      `--disconnect ${disconnect}: has no measurable effect, because --cut ${cut} restarts the server; leave it out, or use --cut end`,
    );
  if (interval === 0)
    complain(
      '--interval 0ms: --cut needs an event per interval; choose one, such as --interval 100ms',
    );
  if (warmup !== undefined && warmup < interval)
    complain(
      `--warmup ${formatDuration(warmup)}: some streams would be cut before their first event; use --warmup ${formatDuration(interval)} or more, or a shorter --interval`,
    );
  const load = read(values, request);
  const leastMs = needsMs(load, interval);
  if (durationMs !== undefined && durationMs < leastMs)
    complain(
      `--duration ${formatDuration(durationMs)}: clients reconnect up to ${formatDuration(load.retryMs + load.jitterMs)} after the cut; use --duration ${formatDuration(Math.ceil(leastMs / 1_000) * 1_000)} or more, or a shorter --retry or --jitter`,
    );
}

export const reconnect = {
  schema,
  options,
  trigger: 'cut',
  withoutTrigger: 'has no effect without --cut; add --cut, or leave it out',
  figures,
  namedScenarios: {
    'reconnect-storm': {
      about: 'the server restarts, and 1,000 clients reconnect with their last event id',
      question: 'What does a deployment do to connected clients?',
      meaning:
        'It measures how long all clients need until they receive events again, and how many reconnect at the same time. It counts failed attempts, missed events and doubled events. ' +
        "Clients reconnect like the EventSource of a browser, with `Last-Event-ID`. They wait for the time of the server's `retry:`, or else for `--retry`, plus a random time of up to `--jitter`. The wait doubles after each failed attempt. Unlike an EventSource, they try again after a refused connection. " +
        'ssebench asks the server to continue after that id. Servers that cannot resume repeat all events. ' +
        '`--cut end` only ends the streams, so the usual metrics of the process remain. `--cut crash` kills the server. `--jitter 0ms` lets all clients reconnect at once.',
      notFor:
        'to measure CPU, memory or release. A restarted server is a new process, so these metrics exist only with `--cut end`.',
      figures,
      config: { cut: 'restart', streams: 1_000 },
    },
  },
  hasQuietStreams: false,
  read,
  refuse,
  // Enough time for all clients to reconnect twice.
  phasesOf: (load, { durationMs }, intervalMs) => ({
    durationMs: Math.max(durationMs, 2 * needsMs(load, intervalMs)),
  }),
  connectionsOf: (_load, streams) => 2 * streams,
  queryOf: ({ retryMs }) => `&resume&retry=${retryMs}`,
  describe({ how, retryMs, jitterMs }) {
    const cut = {
      end: 'all cut by the server',
      restart: 'all cut by a restart of the server',
      crash: 'all cut by a crash of the server',
    }[how];
    return {
      event: `${cut}, reconnecting after ${formatDuration(retryMs)}${jitterMs > 0 ? ` to ${formatDuration(retryMs + jitterMs)}` : ''}`,
    };
  },
} satisfies LoadKind<Reconnect>;
