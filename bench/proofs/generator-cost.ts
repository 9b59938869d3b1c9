import { z } from 'zod';
import { count, stamp } from './stamp.ts';

/** One measurement of a client under a load. */
const sample = z.object({
  /** Events received in the measurement; 0 if the load sends none. */
  eventsPerSecond: z.number().nonnegative(),
  /** CPU time of the client per event; `null` without events. */
  cpuUsPerEvent: z.number().nullable(),
  /** CPU time of the client from before the first stream until all were open. */
  cpuUsPerOpen: z.number(),
  /** Growth of the resident memory since before the first stream, at the end of the measurement. */
  rssBytesPerStream: z.number(),
  /** The share of one core that the client used in the measurement. */
  busyShare: z.number(),
  /** Events per read of a socket; `null` if the client does not count its reads. */
  eventsPerRead: z.number().nullable(),
  /** Streams that failed and events that were lost; `null` if the client does not know. */
  flaws: count.nullable(),
});

const load = z.object({
  streams: count,
  /** `null` if the server sends no event during the measurement. */
  eventsPerSecond: z.number().nullable(),
});

/** Clients under the same load, in turn. */
const comparison = z.object({
  name: z.enum(['frequent', 'many', 'opening', 'saturated']),
  load,
  clients: z.array(
    z.object({
      name: z.string(),
      samples: z.array(sample),
      /** Why there are no samples. */
      why: z.string().optional(),
    }),
  ),
});

/** The cost of a generator, compared with other clients: `npm run generator-cost`. */
export const generatorCostProofSchema = z.object({
  ...stamp,
  rounds: count,
  comparisons: z.array(comparison),
  /** The generator alone with more and more streams, at the same rate per stream. */
  growth: z.array(
    z.object({
      load,
      /** Generators, each with a server process of its own. */
      processes: count,
      samples: z.array(sample),
    }),
  ),
});

export type GeneratorCostProof = z.infer<typeof generatorCostProofSchema>;
export type Comparison = z.infer<typeof comparison>;
export type Sample = z.infer<typeof sample>;
export type Growth = GeneratorCostProof['growth'][number];

/** The names of the two clients that the targets are about. */
export const generatorName = 'ssebench';
export const readerName = 'C reader';
