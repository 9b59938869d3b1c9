/**
 * The result of the micro-benchmarks: plain JSON with a versioned schema. The tables are made from
 * it.
 */
import { z } from 'zod';
import { environmentSchema } from '../result/run-result.ts';

export const microSchemaVersion = 1;

export const microResultSchema = z.object({
  schemaVersion: z.literal(microSchemaVersion),
  startedAt: z.iso.datetime(),
  command: z.string(),
  environment: environmentSchema,
  rows: z.array(
    z.object({
      /** Cases of one group do the same work. The first is the baseline for the others. */
      group: z.string(),
      name: z.string(),
      /** The counted unit, such as events or timers. */
      unit: z.string(),
      bytesPerUnit: z.number(),
      /**
       * Median time for one unit, in nanoseconds, for each round. Each round ran in a new process.
       */
      nsPerUnit: z.array(z.number()),
    }),
  ),
});
export type MicroResult = z.infer<typeof microResultSchema>;
