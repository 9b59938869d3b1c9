/** Streams that are all cut when the measurement begins, and whose clients reconnect. */
import { z } from 'zod';
import type { Complain } from '../complaint.ts';
import { formatDuration } from '../duration.ts';
import { oneOf, type OptionValues } from '../option.ts';
import {
  delayInWords,
  readReconnectDelay,
  reconnectDelayOptions,
  reconnectDelaySchema,
} from '../reconnect-delay.ts';
import type { RestOfRequest, CommonValues, LoadKind } from './kind.ts';

/**
 * How the streams are cut: the server ends them; its process ends and starts again, after SIGTERM or
 * SIGKILL; or all clients disconnect, as they do if their network fails.
 */
const cuts = ['end', 'restart', 'crash', 'client'] as const;

const schema = z.object({
  kind: z.literal('reconnect'),
  how: z.enum(cuts),
  ...reconnectDelaySchema.shape,
});
export type Reconnect = z.infer<typeof schema>;

/** Whether a new process serves the streams after the cut. */
export const restartsServer = ({ how }: Pick<Reconnect, 'how'>): boolean =>
  how === 'restart' || how === 'crash';

/** The time that a server may take until it accepts connections again. */
const startMs = { end: 0, restart: 1_000, crash: 1_000, client: 0 } as const;
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
    about: 'cut all streams: by the server (end, restart, crash) or the client',
    ...oneOf(cuts),
  },
  ...reconnectDelayOptions,
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

const read = (values: Values, { streams }: RestOfRequest): Reconnect => ({
  kind: 'reconnect',
  how: values.cut!,
  ...readReconnectDelay(values, streams),
});

function refuse(values: Values, request: RestOfRequest, complain: Complain): void {
  const { cut, interval = 100, warmup, duration: durationMs, disconnect = 'fin' } = values;
  if (disconnect !== 'fin' && restartsServer({ how: cut! }))
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
  withoutTrigger: 'has no effect without --cut or --reconnect; add one of them, or leave it out',
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
      ofUrls: {
        meaning:
          'ssebench cannot restart a server that it did not start. In this case, all clients disconnect at once and reconnect (`--cut client`), as they do after the loss of a network. Missed and doubled events are known if the events have numbers that count up, in their data or as their ids.',
        unlessStarted: { cut: 'client' },
        small: { streams: 100 },
      },
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
  describe({ how, ...delay }) {
    const cut = {
      end: 'all cut by the server',
      client: 'all cut by their clients',
      restart: 'all cut by a restart of the server',
      crash: 'all cut by a crash of the server',
    }[how];
    return {
      event: `${cut}, reconnecting ${delayInWords(delay)}`,
    };
  },
} satisfies LoadKind<Reconnect>;
