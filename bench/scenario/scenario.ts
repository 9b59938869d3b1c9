/** What a person asks for: the load that every server of a run gets alike. */
import { z } from 'zod';

const durationMs = z.number().nonnegative();

/** A scenario, complete: nothing is left to a default. */
export const scenarioSchema = z.object({
  /** Concurrent streams that are measured. */
  streams: z.int().positive(),
  /** Streams beside them on which nothing is sent: they show who notices a disconnect without a write. */
  quietStreams: z.int().nonnegative(),
  /** The time between two events of a stream; `null` where the server has its own and keeps it to itself. */
  intervalMs: z.number().positive().nullable(),
  /** Streams are opened evenly over this time. */
  rampMs: durationMs,
  /** From the last arrival to the measuring. */
  warmUpMs: durationMs,
  /** The measuring. */
  durationMs: z.number().positive(),
  /** How often each server is measured, each time with a fresh process. */
  rounds: z.int().positive(),
  /** Decides when streams start within the ramp, and the order of servers within a round. */
  seed: z.int().nonnegative(),
  /** Request headers of every stream. */
  headers: z.record(z.string(), z.string()),
});
export type Scenario = z.infer<typeof scenarioSchema>;

/** The interval that quiet streams ask for: longer than any server should take to notice their end. */
export function quietIntervalMs({ intervalMs }: Pick<Scenario, 'intervalMs'>): number {
  return Math.max(60_000, 10 * (intervalMs ?? 0));
}

/** A stream that brings nothing for this long has stalled. */
export function stallAfterMs({ intervalMs }: Pick<Scenario, 'intervalMs'>): number {
  return Math.max(5_000, 5 * (intervalMs ?? 0));
}

/** What a person may leave out, as it follows from what was said. */
type Said = Pick<Scenario, 'streams' | 'intervalMs'> & { [Key in keyof Scenario]?: Scenario[Key] | undefined };

/**
 * Completes a scenario. 1,000 streams, an event each 100 ms, make 10,000 events a second: about a quarter
 * of what a server's core can do, so that neither waiting nor overload is measured. More streams get a
 * longer ramp, since a server accepts a thousand or two a second; longer intervals get a longer measuring,
 * since ten events of a stream are the least that says something about its gaps.
 *
 * @param reference whether all targets are reference servers, which send at any interval
 */
export function completeScenario(said: Said, reference: boolean): Scenario {
  const { streams, intervalMs } = said;
  return {
    streams,
    intervalMs,
    quietStreams: said.quietStreams ?? (reference ? Math.min(200, Math.floor(streams / 5)) : 0),
    rampMs: said.rampMs ?? Math.max(1_500, streams),
    warmUpMs: said.warmUpMs ?? Math.max(500, 3 * (intervalMs ?? 0)),
    durationMs: said.durationMs ?? Math.max(2_500, 10 * (intervalMs ?? 0)),
    rounds: said.rounds ?? 3,
    seed: said.seed ?? 1,
    headers: said.headers ?? {},
  };
}

/** What gets measured: a reference server that we start, or an address where somebody else's answers. */
export type Target = { kind: 'reference'; name: string } | { kind: 'url'; name: string; url: string };

/** How long a round takes beside its phases: start, questions to the server, disconnect, stop. */
const betweenPhasesMs = 1_200;

/** How long the whole run will take, about. */
export function expectedMs({ rampMs, warmUpMs, durationMs, rounds }: Scenario, targets: number): number {
  return (rampMs + warmUpMs + durationMs + betweenPhasesMs) * rounds * targets;
}
