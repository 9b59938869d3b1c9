/** What a person asks for: the load that every server of a run gets alike. */
import { z } from 'zod';
import { cutNeedsMs, cutSchema } from './cut.ts';

/** How a stream leaves: by the TCP segment that says so, closing soon after or reading on; or with its whole process, killed. */
export const disconnectModes = ['fin', 'reset', 'half-close', 'kill'] as const;
export type DisconnectMode = (typeof disconnectModes)[number];

const phaseMs = z.number().nonnegative();

/** What is searched for: the most streams, or the most events a second on each. */
export const searches = ['streams', 'rate'] as const;

/** Whether a reference server has a timer for each stream, or one for all. */
export const tickers = ['own', 'shared'] as const;

/** How streams arrive that come and go: one each so often, at random, or ever more of them. */
export const spacings = ['constant', 'poisson', 'ramp'] as const;
/** Whether all stay as long, or each for a random time with that mean. */
export const lifetimeKinds = ['fixed', 'random'] as const;

const churnSchema = z.object({
  /** Streams that arrive each second; where they grow, at the end. */
  perSecond: z.number().positive(),
  spacing: z.enum(spacings),
  /** From the intended start to the leaving. */
  lifetimeMs: z.number().positive(),
  lifetimes: z.enum(lifetimeKinds),
});
export type Churn = z.infer<typeof churnSchema>;

/** A scenario, complete: nothing is left to a default. */
export const scenarioSchema = z.object({
  /** The name of the preset that it began with, if any. */
  preset: z.string().nullable().default(null),
  /** Concurrent streams that are measured; of those that come and go, how many are open at once, about. */
  streams: z.int().positive(),
  /** Streams beside them on which nothing is sent: they show who notices a disconnect without a write. */
  quietStreams: z.int().nonnegative(),
  /** The time between two events of a stream, 0 for as fast as they are read; `null` where no server is asked for one and none is known. */
  intervalMs: z.number().nonnegative().nullable(),
  /** The data of an event is padded to this. */
  payloadBytes: z.int().nonnegative().default(0),
  ticker: z.enum(tickers).default('own'),
  /** Streams that come and go, in place of those that stay. */
  churn: churnSchema.nullable().default(null),
  /** Streams beside them whose clients hardly read; and what each of those reads, 0 for nothing. */
  slowReaders: z.int().nonnegative().default(0),
  slowBytesPerSecond: z.number().nonnegative().default(0),
  /** Streams beside them that stay for a while when all the others leave. */
  stayingStreams: z.int().nonnegative().default(0),
  /** The server cuts all streams when the measuring begins, and their clients come again. */
  cut: cutSchema.nullable().default(null),
  /** Streams end after so many events, and each is followed by the next; `null` where they go on. */
  eventsEach: z.int().positive().nullable().default(null),
  /** The load is no given one, but the largest of which all is as expected is searched for. */
  search: z.enum(searches).nullable().default(null),
  /** Streams are opened evenly over this time. */
  rampMs: phaseMs,
  /** From the last arrival to the measuring. */
  warmUpMs: phaseMs,
  /** The measuring. */
  durationMs: z.number().positive(),
  /** How often each server is measured, each time with a fresh process. */
  rounds: z.int().positive(),
  /** Decides when streams start within the ramp, and the order of servers within a round. */
  seed: z.int().nonnegative(),
  /** How all streams leave in the end. */
  disconnect: z.enum(disconnectModes),
  /** Request headers of every stream. */
  headers: z.record(z.string(), z.string()),
});
export type Scenario = z.infer<typeof scenarioSchema>;

/** The interval that quiet streams ask for: longer than any server should take to notice their end. */
export function quietIntervalMs({ intervalMs }: Pick<Scenario, 'intervalMs'>): number {
  return Math.max(60_000, 10 * (intervalMs ?? 0));
}

/**
 * A stream that brings nothing for this long has stalled, and is given up. Where the interval is not known,
 * heartbeats are: most servers send one each 15 or 30 s.
 */
export function stallAfterMs(intervalMs: number | null): number {
  return intervalMs === null ? 60_000 : Math.max(5_000, 5 * intervalMs);
}

/** A generator that is held up for this share of the interval, and this long at least, stands still. */
const standstillShare = 0.1;
const leastStandstillMs = 20;
export const standstillWords = `a tenth of the interval, and ${leastStandstillMs} ms`;

export function standstillMs(intervalMs: number | null): number {
  return Math.max(leastStandstillMs, standstillShare * (intervalMs ?? 0));
}

/** What a person may leave out, as it follows from what was said. */
type Said = Pick<
  Scenario,
  | 'preset'
  | 'streams'
  | 'intervalMs'
  | 'payloadBytes'
  | 'ticker'
  | 'churn'
  | 'slowReaders'
  | 'slowBytesPerSecond'
  | 'stayingStreams'
  | 'cut'
  | 'eventsEach'
  | 'search'
  | 'quietStreams'
  | 'seed'
  | 'disconnect'
  | 'headers'
> & {
  [Key in 'rampMs' | 'warmUpMs' | 'durationMs' | 'rounds']: Scenario[Key] | undefined;
};

const lifetimesUntilFull = { fixed: 1, random: 3 } as const;

/** For phases that depend on the interval, where the server keeps it to itself. */
const usualIntervalMs = 1000;

/**
 * Completes a scenario. 1,000 streams, an event each 100 ms, make 10,000 events a second: about a quarter
 * of what a server's core can do, so that neither waiting nor overload is measured. More streams get a
 * longer ramp, since a server accepts a thousand or two a second; longer intervals get a longer measuring,
 * since ten events of a stream are the least that says something about its gaps. Streams that come and go need a
 * lifetime or three until as many are open as will be; those that are cut need time to come again, twice if need be.
 */
export function completeScenario({
  rampMs,
  warmUpMs,
  durationMs,
  rounds,
  ...said
}: Said): Scenario {
  const intervalMs = said.intervalMs ?? usualIntervalMs;
  return {
    ...said,
    rampMs:
      rampMs ??
      (said.churn
        ? lifetimesUntilFull[said.churn.lifetimes] * said.churn.lifetimeMs
        : Math.max(1_500, said.streams)),
    warmUpMs: warmUpMs ?? Math.max(500, 3 * intervalMs),
    durationMs:
      durationMs ??
      Math.max(2_500, 10 * intervalMs, said.cut ? 2 * cutNeedsMs(said.cut, intervalMs) : 0),
    rounds: rounds ?? 3,
  };
}

/** What gets measured: a reference server that we start, or an address where somebody else's answers. */
export type Target =
  | { kind: 'reference'; name: string; file: string }
  /** Its interval is what a person says of it; `null` where nobody does. */
  | { kind: 'url'; name: string; url: string; intervalMs: number | null };

/** About so many rounds find how much a server bears. */
export const usualSearchRounds = 14;

/** Of streams and pages that end, a second each, and what it takes to start their generator four times. */
const finiteWarmUpMs = 3_500;
/** How long a round takes beside its phases: start, questions to the server, disconnect, stop. */
const betweenPhasesMs = 1_000;

/** How long the whole run will take, about. */
export function expectedMs(
  { rampMs, warmUpMs, durationMs, rounds, eventsEach, search }: Scenario,
  targets: number,
): number {
  const phasesMs =
    eventsEach === null ? rampMs + warmUpMs + durationMs : 2 * durationMs + finiteWarmUpMs;
  return (phasesMs + betweenPhasesMs) * (search === null ? rounds : usualSearchRounds) * targets;
}
