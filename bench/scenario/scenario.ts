/** The scenario: the load that is the same for every server of a run. */
import { z } from 'zod';
import { eventOptionsSchema, noEventOptions, type EventOptions } from './event-options.ts';
import { kindOf, loadSchema, type Load } from './kinds/kinds.ts';
import { reconnectDelaySchema } from './reconnect-delay.ts';
import { plainRequest, type RequestOptions } from './request-options.ts';
import { rampMsPerStream } from './tls-cost.ts';

/**
 * How a stream disconnects: with a FIN, closing soon after (`fin`); with a reset (`reset`); with a
 * FIN but still reading (`half-close`); or because its process is killed (`kill`).
 */
export const closeMethods = ['fin', 'reset', 'half-close', 'kill'] as const;
export type CloseMethod = (typeof closeMethods)[number];

/**
 * How streams of HTTP/1.1 are read: by our own reader of sockets, or by undici. Our own reader has
 * no TLS, so undici always reads that. node:http2 reads HTTP/2.
 */
export const transports = ['socket', 'undici'] as const;
export type Transport = (typeof transports)[number];

const phaseMs = z.number().nonnegative();

/** Whether a reference server has one timer for each stream, or one for all. */
export const tickers = ['own', 'shared'] as const;

/** A complete scenario: no field depends on a default. */
export const scenarioSchema = z.object({
  /** The name of the scenario it started from, if any. */
  name: z.string().nullable(),
  /**
   * The load kind, with all its own fields. Fields that combine with several kinds are beside it:
   * the pace, the payload, and cohorts of additional streams (quiet streams, slow readers, remaining
   * streams). The kind determines the procedure of a round; a cohort adds streams to the same
   * procedure.
   */
  load: loadSchema,
  /** Concurrent measured streams; with a limited lifetime, the approximate number open at once. */
  streams: z.int().positive(),
  /**
   * Additional streams that the server sends nothing on. They show when it notices a disconnect
   * without a write.
   */
  quietStreams: z.int().nonnegative(),
  /**
   * The time between two events of a stream; 0 for an unlimited rate. `null` if ssebench does not
   * ask the server for an interval and does not know it.
   */
  intervalMs: z.number().nonnegative().nullable(),
  /** The size that the data of an event is padded to. */
  payloadBytes: z.int().nonnegative(),
  ticker: z.enum(tickers),
  /** How many processes a reference server has. Absent in older results, in which it had one. */
  serverProcesses: z.int().positive().default(1),
  /**
   * Additional streams whose clients read slowly, and how many bytes each reads per second (0 for
   * none).
   */
  slowReaders: z.int().nonnegative(),
  slowBytesPerSecond: z.number().nonnegative(),
  /** Additional streams that stay open for a while when all the others disconnect. */
  remainingStreams: z.int().nonnegative(),
  /** The time over which streams are opened evenly. */
  rampMs: phaseMs,
  /** From the last arrival to the measurement. */
  warmUpMs: phaseMs,
  /** The length of the measurement. */
  durationMs: z.number().positive(),
  /** How many times each server is measured, each time with a new process. */
  rounds: z.int().positive(),
  /** Determines the start times within the ramp, and the order of servers within a round. */
  seed: z.int().nonnegative(),
  /**
   * How long clients wait before they reconnect, whenever the server ends or cuts their stream;
   * `null` if they do not reconnect. A load that cuts all streams has its own delay.
   */
  reconnect: reconnectDelaySchema.nullable().default(null),
  /** How all streams disconnect at the end. */
  disconnect: z.enum(closeMethods),
  /** How streams of HTTP/1.1 without TLS are read. Absent in older results, in which undici read all. */
  transport: z.enum(transports).default('undici'),
  /**
   * How many streams share a connection of HTTP/2; `null` for as many as both sides allow, at most
   * 100. Without effect over HTTP/1.1.
   */
  streamsPerConnection: z.int().positive().nullable().default(null),
  /** Request headers of every stream. */
  headers: z.record(z.string(), z.string()),
  /** The values that ssebench reads from the events of URLs. */
  events: eventOptionsSchema.default(noEventOptions),
});
export type Scenario = z.infer<typeof scenarioSchema>;

/** The interval of quiet streams: longer than any server should take to notice their end. */
export function quietIntervalMs({ intervalMs }: Pick<Scenario, 'intervalMs'>): number {
  return Math.max(60_000, 10 * (intervalMs ?? 0));
}

/**
 * A stream that receives nothing for this long has stalled, and ssebench gives it up. With an
 * unknown interval, heartbeats are the measure: most servers send one every 15 or 30 s.
 */
export function stallAfterMs(intervalMs: number | null): number {
  return intervalMs === null ? 60_000 : Math.max(5_000, 5 * intervalMs);
}

/**
 * A generator stalls if its event loop is delayed for at least this share of the interval, and at
 * least this long.
 */
const pauseShareOfInterval = 0.1;
const shortestPauseMs = 20;
export const pauseWords = `a tenth of the interval, and ${shortestPauseMs} ms`;

export function longPauseMs(intervalMs: number | null): number {
  return Math.max(shortestPauseMs, pauseShareOfInterval * (intervalMs ?? 0));
}

type PhaseName = 'rampMs' | 'warmUpMs' | 'durationMs' | 'rounds';
/** A scenario whose phases may be missing. */
type Unphased = Omit<Scenario, PhaseName> & {
  [Name in PhaseName]: Scenario[Name] | undefined;
};

/** The assumed interval for phases if the server's interval is unknown. */
const usualIntervalMs = 1000;

/**
 * Completes a scenario. The default of 1,000 streams with one event each 100 ms makes 10,000 events
 * per second. That is about a quarter of what one core of a server can do, so the run measures
 * neither idle time nor overload.
 *
 * More streams get a longer ramp, since a server accepts one or two thousand per second. Longer
 * intervals get a longer measurement, since the gaps of a stream need at least ten events. A load
 * kind may need other phases.
 *
 * @param serversUnderTest over TLS, streams get a longer ramp
 */
export function completeScenario(
  { rampMs, warmUpMs, durationMs, rounds, ...given }: Unphased,
  serversUnderTest: readonly ServerUnderTest[],
): Scenario {
  const intervalMs = given.intervalMs ?? usualIntervalMs;
  const usual = {
    rampMs: Math.max(1_500, given.streams * rampMsPerStream(serversUnderTest)),
    warmUpMs: Math.max(500, 3 * intervalMs),
    durationMs: Math.max(2_500, 10 * intervalMs),
  };
  const phases = { ...usual, ...kindOf(given.load).phasesOf?.(given.load, usual, intervalMs) };
  return {
    ...given,
    rampMs: rampMs ?? phases.rampMs,
    warmUpMs: warmUpMs ?? phases.warmUpMs,
    durationMs: durationMs ?? phases.durationMs,
    rounds: rounds ?? 3,
  };
}

/** A server under test: a reference server, or a server of the user. */
export type ServerUnderTest = { kind: 'reference'; name: string; file: string } | UrlUnderTest;

/** A server of the user: the URL of its stream, and how ssebench gets to its process. */
export interface UrlUnderTest {
  kind: 'url';
  name: string;
  url: string;
  /** The interval of its events; `null` if not given. */
  intervalMs: number | null;
  request: RequestOptions;
  /** Values in its events that differ from those of the scenario. */
  events?: Partial<EventOptions>;
  /** `null` if ssebench measures the server only from outside. */
  process: OwnProcess | null;
}

/** Whether ssebench starts the server, and starts it again for each round. */
export const startsWithUs = (server: ServerUnderTest): boolean =>
  server.kind === 'reference' || server.process?.kind === 'command';

/** Whether ssebench gets to the process of the server. */
export const hasProcess = (server: ServerUnderTest): boolean =>
  server.kind === 'reference' || server.process !== null;

/** The servers of the user that run before the run. A command starts only with its round. */
export const runningUrls = (serversUnderTest: readonly ServerUnderTest[]): UrlUnderTest[] =>
  serversUnderTest.filter(
    (server): server is UrlUnderTest => server.kind === 'url' && server.process?.kind !== 'command',
  );

/** A server of the user that ssebench measures only from outside, with plain requests. */
export const fromOutside = (
  name: string,
  url: string,
  intervalMs: number | null,
): UrlUnderTest => ({ kind: 'url', name, url, intervalMs, request: plainRequest, process: null });

/** The process of a user's server. Its program may be written in any language. */
export type OwnProcess =
  /** ssebench starts it, and starts it again for each round. */
  | {
      kind: 'command';
      command: readonly [string, ...string[]];
      /** The folder in which it starts; `null` for the current folder. */
      cwd: string | null;
      /** Added to the environment. */
      env: Readonly<Record<string, string>>;
      /**
       * A text of its output that reports that it is ready; `null` if it is ready as soon as it
       * listens on the port of the URL.
       */
      readyWhen: string | null;
      readyWithinMs: number;
    }
  /** It already runs, and keeps running. */
  | { kind: 'pid'; pid: number };

/** The duration of a round besides its phases: start, inspection, disconnect, stop. */
const betweenPhasesMs = 1_000;

/** The approximate number of rounds for each server; a search takes as many as it needs. */
export const expectedRounds = ({ load, rounds }: Pick<Scenario, 'load' | 'rounds'>): number =>
  kindOf(load).usualRounds ?? rounds;

/** The approximate duration of the whole run. */
export function expectedMs(scenario: Scenario, servers: number): number {
  const { load, rampMs, warmUpMs, durationMs } = scenario;
  const phasesMs = kindOf(load).roundMsOf?.(scenario) ?? rampMs + warmUpMs + durationMs;
  return (phasesMs + betweenPhasesMs) * expectedRounds(scenario) * servers;
}

/** The load of a scenario, if it is of this kind. */
export function loadOf<Kind extends Load['kind']>(
  { load }: Pick<Scenario, 'load'>,
  kind: Kind,
): Extract<Load, { kind: Kind }> | undefined {
  return load.kind === kind ? (load as Extract<Load, { kind: Kind }>) : undefined;
}
