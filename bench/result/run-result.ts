/**
 * The result of a run: the only thing that crosses from measuring to reporting. Plain JSON with a
 * versioned schema; every report can be made again from a saved one.
 */
import { z } from 'zod';
import { generatorHistograms, histogramNames } from './histogram-names.ts';
import { serverVerdictSchema } from './leak-result.ts';
import { count, countedSchema, countsSchema, histogram } from './recording.ts';
import { outcomeSchema } from '../scenario/kinds/kinds.ts';
import { scenarioSchema } from '../scenario/scenario.ts';

/** Raised whenever an older reader would misread a newer result. */
export const schemaVersion = 3;

/** The message of a round that a person ended before anything was measured. */
export const interrupted = 'interrupted';

/** The most servers, and expectations, of a run: few enough that a table of all figures can be made. */
export const mostTargets = 256;
const mostGenerators = 1_024;

const memory = z.object({ heapBytes: z.number(), rssBytes: z.number() });

/** Why the figures of a round are not to be believed. */
const doubtSchema = z.object({
  /** A row of the table of limits, in `verdict/validity.ts`. */
  check: z.string(),
  /** What was found, with the limit. */
  finding: z.string(),
  /** What to change. */
  remedy: z.string(),
});

/** How a generator fared in the measurement: whether its figures are valid. */
const generatorHealthSchema = z.object({
  /** Share of the time in which the event loop was busy, 0 to 1. */
  loopUtilization: z.number(),
  /** The longest time that the event loop kept a timer waiting. */
  loopDelayMaxMs: z.number(),
  /** How late the event loop noticed the end of the measurement. */
  lateAtEndMs: z.number().default(0),
  /** Share of the time in which it paused, for longer than `LoadTask.standstillMs` at once. */
  stoodStillShare: z.number(),
  /** The same share of the ramp and the warm-up. */
  stoodStillBeforeShare: z.number(),
  /** Share of the time in which its main thread could run and had no core; `null` off Linux. */
  waitedShare: z.number().nullable(),
  cpuNs: z.number(),
  /** At the end, with all streams open. */
  rssBytes: z.number(),
});

/** What was seen of a server's process; only of one that we started. */
const processSchema = z.object({
  /** CPU time of the server, and the span over which it was taken: the measuring, to within a millisecond. */
  cpuNs: z.number(),
  cpuOverMs: z.number(),
  /** Share of that span in which its main thread could have worked and had no core to do so. */
  waitedShare: z.number().nullable(),
  /** File descriptors at the end of the measuring. */
  descriptors: z.object({ open: count, limit: z.number().nullable() }).nullable(),
  /** Before the first stream, after a collection. */
  before: memory,
  /** At the end of the measuring, with all streams open: as found, and after a collection. */
  loadedRssBytes: z.number(),
  loaded: memory,
  /** What was left of the streams' timers and sockets after settling. */
  held: z.object({ timers: count, sockets: count }),
});

/** A round over time, in milliseconds from its first stream: when each phase began, and what was seen from outside. */
const timelineSchema = z.object({
  phases: z.array(z.object({ phase: z.string(), atMs: z.number() })),
  samples: z.array(
    z.object({
      atMs: z.number(),
      /** Streams. */
      open: count,
      eventsPerSecond: z.number(),
      /** The longest delay of the server's loop since the last sample; `null` where no stamp told. */
      loopDelayMs: z.number().nullable().default(null),
      /** The mean since then. */
      deliveryMs: z.number().nullable().default(null),
      /** Of one core, since the last sample; the process's memory. `null` where the system does not say. */
      cpuShare: z.number().nullable(),
      rssBytes: z.number().nullable(),
      /** That the server's process has open, connections and others. */
      descriptors: count.nullable().default(null),
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
  /** Of streams that come and go, the time that all were to be there for in the measuring, together; `null` where all stay. */
  plannedStreamMs: z.number().nullable().default(null),
  quietPlanned: count,
  /** Streams that were open when the measuring ended, quiet ones too. */
  openAtEnd: count,
  /** How long was measured: less than the scenario says where a person ended it. */
  durationMs: z.number(),
  /** What the server was asked for or is known to keep. */
  intervalMs: z.number().nullable(),
  ...countedSchema.shape,
  histograms: z.partialRecord(z.enum(histogramNames), histogram),
  process: processSchema.nullable(),
  generators: z.array(generatorHealthSchema).max(mostGenerators),
  timeline: timelineSchema.default({ phases: [], samples: [] }),
  /** What the whole machine went through, from the first stream to the end of the measuring; `null` off Linux. */
  machine: z.object({
    /** Share of the time of all cores in which the host of a virtual machine had none for it. */
    stolenShare: z.number().nullable(),
    /** Connections that came while the queue of a listening socket was full. */
    listenOverflows: count.nullable(),
  }),
  /** What rounds of this load kind find beside the rest; `null` where that is nothing. */
  outcome: outcomeSchema.nullable(),
  /** Why the figures are not to be believed; empty where they are. */
  doubts: z.array(doubtSchema),
});

const failedSchema = z.object({
  ...roundBase,
  state: z.literal('failed'),
  phase: z.string(),
  message: z.string(),
  exitCode: z.int().nullable(),
  signal: z.string().nullable(),
  /** The last lines that the server wrote to stderr. */
  stderr: z.array(z.string()),
  ...countedSchema.shape,
  /** What the load had counted by then, where it had begun. */
  counts: countsSchema.nullable(),
  histograms: z.partialRecord(z.enum(generatorHistograms), histogram).nullable(),
});

export const roundSchema = z.discriminatedUnion('state', [measuredSchema, failedSchema]);

/** Everything that produced a result, beside the scenario. */
export const environmentSchema = z.object({
  ssebench: z.string(),
  /** The commit of the working tree, with `+` where files differ from it; `null` outside a repository. */
  commit: z.string().nullable(),
  node: z.string(),
  /** npm package → version, of the servers and of the client. */
  packages: z.record(z.string(), z.string()),
  platform: z.string(),
  kernel: z.string(),
  cpu: z.string(),
  cores: count,
  memoryBytes: z.number(),
  /** File descriptors that a process may open. */
  descriptors: z.number().nullable(),
  /**
   * The cores that the servers were kept to, none where nobody did that, and those of the load; whether a server was there that
   * may have run on any. `null` where the system chose all.
   */
  placement: z
    .object({ server: z.array(count), load: z.array(count), unpinned: z.boolean().default(false) })
    .nullable(),
});

export const runResultSchema = z.object({
  schemaVersion: z.literal(schemaVersion),
  /** `partial` until all rounds are over: what a killed or interrupted run leaves behind. */
  status: z.enum(['partial', 'complete']),
  name: z.string(),
  startedAt: z.iso.datetime(),
  /** The command line that repeats it. */
  command: z.string(),
  targets: z
    .array(z.string())
    .max(mostTargets)
    .refine((names) => new Set(names).size === names.length, 'has a server twice'),
  /** The server that the others are compared with; `null` where there are no others, or nobody asked. */
  against: z.string().nullable().default(null),
  /** What a person expects of every server: `delivery.p99 < 50ms`. */
  expect: z.array(z.string()).max(mostTargets).default([]),
  scenario: scenarioSchema,
  environment: environmentSchema,
  /** In the order in which they were measured. */
  rounds: z.array(roundSchema),
  /** How much servers bear, where that was searched for; their rounds are then those under the most that they bear. */
  capacity: z
    .array(
      z.object({
        server: z.string(),
        /** Streams, or events a second on each stream: the most that was as expected, and the least that was not. */
        most: z.number().nullable(),
        tooMuch: z.number().nullable(),
        /** Why nothing could be told; `null` where it could. */
        reason: z.string().nullable(),
        /** All loads that were tried, in order; why one did not hold, and what was at its limit. */
        steps: z.array(
          z.object({ load: z.number(), holds: z.boolean(), why: z.string(), gaveOut: z.string() }),
        ),
      }),
    )
    .default([]),
  /** What servers keep of streams that have gone; of none where nobody asked. */
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
