/** The result of the micro-benchmarks: plain JSON with a versioned schema, from which the tables are made. */
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
      /** Cases of one group do the same; the first is what the others are compared with. */
      group: z.string(),
      name: z.string(),
      /** What is counted: events, timers. */
      unit: z.string(),
      bytesPerUnit: z.number(),
      /** For each round, in a process of its own: the median time for one of them. */
      nsPerUnit: z.array(z.number()),
    }),
  ),
});
export type MicroResult = z.infer<typeof microResultSchema>;
