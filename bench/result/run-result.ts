/**
 * The result of a run, the only data that reports get from a measurement. It is plain JSON with a
 * versioned schema. Every report can be regenerated from a saved result.
 */
import { z } from 'zod';
import { generatorHistograms, histogramNames } from './histogram-names.ts';
import { http2Schema } from './http2.ts';
import { serverVerdictSchema } from './leak-result.ts';
import { count, countedSchema, countsSchema, histogram } from './recording.ts';
import { outcomeSchema } from '../scenario/kinds/kinds.ts';
import { scenarioSchema } from '../scenario/scenario.ts';
import { serverSettingsSchema } from '../scenario/server-settings.ts';

/** Increased whenever an older reader would misread a newer result. */
export const schemaVersion = 4;

/** The message of a round that a person stopped before anything was measured. */
export const interrupted = 'interrupted';

/**
 * The limit for servers and for expectations of a run, so that a table of all figures stays
 * possible.
 */
export const mostServers = 256;
const mostGenerators = 1_024;

/** `heapBytes` is `null` for a server that is measured without the inspector. */
const memory = z.object({ heapBytes: z.number().nullable(), rssBytes: z.number() });

/** Why the figures of a round are invalid. */
const doubtSchema = z.object({
  /** A row of the table of limits, in `verdict/validity.ts`. */
  check: z.string(),
  /** The finding, and the limit. */
  finding: z.string(),
  /** The remedy. */
  remedy: z.string(),
});

/** The health of a generator in the measurement, which decides whether its figures are valid. */
const generatorHealthSchema = z.object({
  /** Share of the time in which the event loop was busy, 0 to 1. */
  loopUtilization: z.number(),
  /** The longest delay of a timer by the event loop. */
  loopDelayMaxMs: z.number(),
  /** How late the event loop noticed the end of the measurement. */
  lateAtEndMs: z.number().default(0),
  /** Share of the time in pauses that each lasted longer than `LoadTask.longPauseMs`. */
  pausedShare: z.number(),
  /** The same share for the ramp and the warm-up. */
  pausedBeforeShare: z.number(),
  /** Share of the time in which its main thread was runnable without a core; `null` off Linux. */
  waitedShare: z.number().nullable(),
  cpuNs: z.number(),
  /** At the end, with all streams open. */
  rssBytes: z.number(),
});

/** Observations of a server's processes: all together, if there are several. */
const processSchema = z.object({
  /** CPU time of the server, and the period it covers: the measurement, to within 1 ms. */
  cpuNs: z.number(),
  cpuOverMs: z.number(),
  /** Share of that period in which its main thread was runnable without a core. */
  waitedShare: z.number().nullable(),
  /**
   * File descriptors at the end of the measurement, of the process that has the fewest left.
   */
  descriptors: z.object({ open: count, limit: z.number().nullable() }).nullable(),
  /** Before the first stream, after a garbage collection. */
  before: memory,
  /**
   * At the end of the measurement, with all streams open: as found, and after a garbage collection.
   */
  loadedRssBytes: z.number(),
  loaded: memory,
  /**
   * Timers and sockets of the streams that remained after settling; `null` if nothing could count
   * them.
   */
  held: z.object({ timers: count.nullable(), sockets: count.nullable() }),
  /** Whether V8's inspector was used, or only what the operating system knows. */
  inspection: z.enum(['inspector', 'outside']).default('inspector'),
  /** Why the inspector was not used; empty if it was. */
  why: z.string().default(''),
});

/**
 * A round over time, in milliseconds from its first stream: the start of each phase, and
 * observations from outside.
 */
const timelineSchema = z.object({
  phases: z.array(z.object({ phase: z.string(), atMs: z.number() })),
  samples: z.array(
    z.object({
      atMs: z.number(),
      /** Open streams. */
      open: count,
      eventsPerSecond: z.number(),
      /**
       * The longest delay of the server's loop since the last sample; `null` if no stamp showed
       * any.
       */
      loopDelayMs: z.number().nullable().default(null),
      /** The mean delivery time since then. */
      deliveryMs: z.number().nullable().default(null),
      /**
       * Share of one core since the last sample, and the process's memory; `null` if the system
       * does not report it.
       */
      cpuShare: z.number().nullable(),
      rssBytes: z.number().nullable(),
      /** Open descriptors of the server's process, connections and others. */
      descriptors: count.nullable().default(null),
      /** Established connections to a server of the user with slow readers. */
      connections: count.nullable().default(null),
    }),
  ),
});

const roundBase = {
  server: z.string(),
  /** From 1. */
  round: z.int().positive(),
  startedAt: z.iso.datetime(),
};

const measuredSchema = z.object({
  ...roundBase,
  state: z.literal('measured'),
  planned: count,
  /**
   * If streams have a limited lifetime: the total time that all were planned to be open in the
   * measurement. Otherwise `null`.
   */
  plannedStreamMs: z.number().nullable().default(null),
  quietPlanned: count,
  /** Streams that were open when the measurement ended, including quiet ones. */
  openAtEnd: count,
  /** The length of the measurement; shorter than in the scenario if a person ended it. */
  durationMs: z.number(),
  /** The interval that ssebench asked the server for, or that the server is known to use. */
  intervalMs: z.number().nullable(),
  ...countedSchema.shape,
  histograms: z.partialRecord(z.enum(histogramNames), histogram),
  process: processSchema.nullable(),
  generators: z.array(generatorHealthSchema).max(mostGenerators),
  timeline: timelineSchema.default({ phases: [], samples: [] }),
  /**
   * The load on the whole machine, from the first stream to the end of the measurement; `null` off
   * Linux.
   */
  machine: z.object({
    /** Share of the time of all cores that the host of a virtual machine withheld. */
    stolenShare: z.number().nullable(),
    /** Connections that arrived while the queue of a listening socket was full. */
    listenOverflows: count.nullable(),
  }),
  /** The connections of HTTP/2; absent over HTTP/1.1. */
  http2: http2Schema.optional(),
  /** Additional findings of this load kind; `null` if it has none. */
  outcome: outcomeSchema.nullable(),
  /** Why the figures are invalid; empty if they are valid. */
  doubts: z.array(doubtSchema),
});

const failedSchema = z.object({
  ...roundBase,
  state: z.literal('failed'),
  phase: z.string(),
  message: z.string(),
  exitCode: z.int().nullable(),
  signal: z.string().nullable(),
  /** The last lines of the server's output. For a reference server, those of stderr. */
  stderr: z.array(z.string()),
  ...countedSchema.shape,
  /** The counts of the load so far; `null` if it had not started. */
  counts: countsSchema.nullable(),
  histograms: z.partialRecord(z.enum(generatorHistograms), histogram).nullable(),
});

export const roundSchema = z.discriminatedUnion('state', [measuredSchema, failedSchema]);

/** The software and machine that produced a result, as far as the scenario does not say it. */
export const environmentSchema = z.object({
  ssebench: z.string(),
  /**
   * The commit of the working tree, with `+` if files differ from it; `null` outside a repository.
   */
  commit: z.string().nullable(),
  node: z.string(),
  /** npm package → version, for the servers and the client. */
  packages: z.record(z.string(), z.string()),
  platform: z.string(),
  kernel: z.string(),
  cpu: z.string(),
  cores: count,
  memoryBytes: z.number(),
  /** The limit of file descriptors for a process. */
  descriptors: z.number().nullable(),
  /**
   * The cores of the servers (empty if they were not restricted), the cores of the load, and
   * whether some server could run on any core. `null` if the system chose all.
   */
  placement: z
    .object({ server: z.array(count), load: z.array(count), unpinned: z.boolean().default(false) })
    .nullable(),
});

export const runResultSchema = z.object({
  schemaVersion: z.literal(schemaVersion),
  /** `partial` until all rounds are over: the state after a run was killed or interrupted. */
  status: z.enum(['partial', 'complete']),
  name: z.string(),
  startedAt: z.iso.datetime(),
  /** The command line that repeats the run. */
  command: z.string(),
  servers: z
    .array(z.string())
    .max(mostServers)
    .refine((names) => new Set(names).size === names.length, 'has a server twice'),
  /**
   * The server that the others are compared with; `null` if there are no others, or no comparison.
   */
  against: z.string().nullable().default(null),
  /**
   * The other version of a server (`--base`), which is only compared with: no expectation, leak
   * check or verdict of a load kind applies to it. Absent without one.
   */
  base: z.string().optional(),
  /** Expectations given explicitly, for every server: `delivery.p99 < 50ms`. */
  expect: z.array(z.string()).max(mostServers).default([]),
  scenario: scenarioSchema,
  /** Server → its own settings. Absent in results of versions that did not save them. */
  settings: z.record(z.string(), serverSettingsSchema).optional(),
  environment: environmentSchema,
  /** In the order of the measurement. */
  rounds: z.array(roundSchema),
  /**
   * The capacity of each server, if the run searched for it. The rounds are then those under the
   * highest load that the server sustains.
   */
  capacity: z
    .array(
      z.object({
        server: z.string(),
        /**
         * Streams, or events per second on each stream: the highest load that met expectations, and
         * the lowest that did not.
         */
        most: z.number().nullable(),
        tooMuch: z.number().nullable(),
        /** Why the capacity could not be determined; `null` if it could. */
        reason: z.string().nullable(),
        /**
         * All loads in the order of the search: why one failed, and which resource was at its
         * limit.
         */
        steps: z.array(
          z.object({
            load: z.number(),
            holds: z.boolean(),
            why: z.string(),
            bottleneck: z.string(),
          }),
        ),
      }),
    )
    .default([]),
  /** Leaks after streams have closed; empty if the run checked no server. */
  leaks: z.array(serverVerdictSchema).default([]),
});

export type RunResult = z.infer<typeof runResultSchema>;
export type RoundResult = z.infer<typeof roundSchema>;
export type MeasuredRound = z.infer<typeof measuredSchema>;
export type FailedRound = z.infer<typeof failedSchema>;
export type GeneratorHealth = z.infer<typeof generatorHealthSchema>;
export type Timeline = z.infer<typeof timelineSchema>;
export type Doubt = z.infer<typeof doubtSchema>;
export type Environment = z.infer<typeof environmentSchema>;
