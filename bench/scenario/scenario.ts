/** What a person asks for: the load that every server of a run gets alike. */
import { z } from 'zod';
import { kindOf, loadSchema, type Load } from './kinds/kinds.ts';

/** How a stream leaves: by the TCP segment that says so, closing soon after or reading on; or with its whole process, killed. */
export const closeMethods = ['fin', 'reset', 'half-close', 'kill'] as const;
export type CloseMethod = (typeof closeMethods)[number];

const phaseMs = z.number().nonnegative();

/** Whether a reference server has a timer for each stream, or one for all. */
export const tickers = ['own', 'shared'] as const;

/** A scenario, complete: nothing is left to a default. */
export const scenarioSchema = z.object({
  /** The name of the preset that it began with, if any. */
  preset: z.string().nullable(),
  /**
   * The load kind, with all that only it has. What combines with several kinds stays beside it: the pace, the payload, and
   * cohorts of other streams (quiet streams, slow readers, staying streams). A round has one procedure, which follows from
   * its kind; a cohort adds streams to the same procedure.
   */
  load: loadSchema,
  /** Concurrent streams that are measured; of those that come and go, how many are open at once, about. */
  streams: z.int().positive(),
  /** Streams beside them on which nothing is sent: they show who notices a disconnect without a write. */
  quietStreams: z.int().nonnegative(),
  /** The time between two events of a stream, 0 for as fast as they are read; `null` where no server is asked for one and none is known. */
  intervalMs: z.number().nonnegative().nullable(),
  /** The data of an event is padded to this. */
  payloadBytes: z.int().nonnegative(),
  ticker: z.enum(tickers),
  /** Streams beside them whose clients hardly read; and what each of those reads, 0 for nothing. */
  slowReaders: z.int().nonnegative(),
  slowBytesPerSecond: z.number().nonnegative(),
  /** Streams beside them that stay for a while when all the others leave. */
  stayingStreams: z.int().nonnegative(),
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
  disconnect: z.enum(closeMethods),
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

type PhaseName = 'rampMs' | 'warmUpMs' | 'durationMs' | 'rounds';
/** A scenario whose phases a person may have left out. */
type Unphased = Omit<Scenario, PhaseName> & {
  [Name in PhaseName]: Scenario[Name] | undefined;
};

/** For phases that depend on the interval, where the server keeps it to itself. */
const usualIntervalMs = 1000;

/**
 * Completes a scenario. 1,000 streams, an event each 100 ms, make 10,000 events a second: about a quarter
 * of what a server's core can do, so that neither waiting nor overload is measured. More streams get a
 * longer ramp, since a server accepts a thousand or two a second; longer intervals get a longer measuring,
 * since ten events of a stream are the least that says something about its gaps. A load kind may need other phases.
 */
export function completeScenario({
  rampMs,
  warmUpMs,
  durationMs,
  rounds,
  ...given
}: Unphased): Scenario {
  const intervalMs = given.intervalMs ?? usualIntervalMs;
  const usual = {
    rampMs: Math.max(1_500, given.streams),
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

/** What gets measured: a reference server that we start, or an address where somebody else's answers. */
export type Target =
  | { kind: 'reference'; name: string; file: string }
  /** Its interval is what a person says of it; `null` where nobody does. */
  | { kind: 'url'; name: string; url: string; intervalMs: number | null };

/** How long a round takes beside its phases: start, questions to the server, disconnect, stop. */
const betweenPhasesMs = 1_000;

/** How often each server is measured, about: a search takes as many rounds as it needs. */
export const expectedRounds = ({ load, rounds }: Pick<Scenario, 'load' | 'rounds'>): number =>
  kindOf(load).usualRounds ?? rounds;

/** How long the whole run will take, about. */
export function expectedMs(scenario: Scenario, targets: number): number {
  const { load, rampMs, warmUpMs, durationMs } = scenario;
  const phasesMs = kindOf(load).roundMsOf?.(scenario) ?? rampMs + warmUpMs + durationMs;
  return (phasesMs + betweenPhasesMs) * expectedRounds(scenario) * targets;
}

/** The load of a scenario, where it is of this kind. */
export function loadOf<Kind extends Load['kind']>(
  { load }: Pick<Scenario, 'load'>,
  kind: Kind,
): Extract<Load, { kind: Kind }> | undefined {
  return load.kind === kind ? (load as Extract<Load, { kind: Kind }>) : undefined;
}
