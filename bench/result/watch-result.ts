/**
 * The lines of `ssebench watch --json`: one JSON object for each event, in order. Other outputs are
 * generated from the same lines.
 */
import { z } from 'zod';
import { heldSchema } from './held.ts';
import { codeSchema } from './leak-result.ts';

const count = z.int().nonnegative();
/** A time as ISO 8601 in UTC: `2026-01-31T12:00:00.000Z`. */
const time = z.iso.datetime();

/** A count that has grown with the disconnects for several inspections. */
const growthSchema = heldSchema.omit({ count: true }).extend({
  /** How many are held now. */
  held: z.number(),
  /** The growth since `since`, without that in proportion to more connections. */
  grown: z.number(),
  /** Connections of clients that closed since then. */
  disconnects: count,
  /** `grown` divided by `disconnects`. */
  perDisconnect: z.number(),
  since: time,
  /** Inspections in a row that held more than ever before. */
  records: count,
  /** An alarm needs this number of them. */
  needed: count,
});

const startSchema = z.object({
  type: z.literal('start'),
  schemaVersion: z.literal(1),
  at: time,
  pid: z.int().positive(),
  /** The ports on which the process listens. Connections to them are counted. */
  ports: z.array(z.int().positive()),
  everyMs: z.number().positive(),
  /** Growth per disconnect that is no alarm. */
  tolerated: z.number(),
});

const inspectionSchema = z.object({
  type: z.literal('inspection'),
  at: time,
  /** From 1. */
  number: z.int().positive(),
  /** How long the inspection stopped the process, including the way to it and back. */
  pauseMs: z.number().nonnegative(),
  /** Whether the inspector was open before, so that ssebench did not close it. */
  inspectorWasOpen: z.boolean(),
  /** Open connections of clients. */
  open: count,
  /** Connections that were seen open, and have closed since the inspection before. */
  disconnects: count,
  /** No more have closed than this; `null` if the system does not report it. */
  disconnectsAtMost: count.nullable(),
  /** Counts that grow, also those without an alarm. The largest growth is first. */
  growing: z.array(growthSchema),
});

const failedSchema = z.object({
  type: z.literal('failed'),
  at: time,
  /** Why this inspection failed; ssebench tries again at the next one. */
  reason: z.string(),
});

const alarmSchema = growthSchema.extend({
  type: z.literal('alarm'),
  at: time,
  /** The source line, with two lines before and after it. Absent if the file was not readable. */
  code: codeSchema.optional(),
  /** Other things held because of it. */
  consequences: z.array(heldSchema.omit({ count: true }).extend({ perDisconnect: z.number() })),
  /** The change that fixes it. */
  advice: z.string(),
  /** The section of the documentation that explains it: `docs/fix-leaks.md#timers`. */
  docs: z.string(),
});

const endSchema = z.object({
  type: z.literal('end'),
  at: time,
  /**
   * `limit`: the time or the number of inspections was reached. `interrupted`: by Ctrl-C. `exited`:
   * the process has ended. `failed`: ssebench could not inspect the process.
   */
  because: z.enum(['limit', 'interrupted', 'exited', 'failed']),
  /** Why it failed; `null` otherwise. */
  reason: z.string().nullable(),
  inspections: count,
  disconnects: count,
  /** No more have closed than this; `null` if the system does not report it. */
  disconnectsAtMost: count.nullable(),
  /** The longest stop of an inspection; `null` without inspections. */
  longestPauseMs: z.number().nullable(),
  /** An alarm needs this number of inspections. */
  needed: count,
  /** Whether there were that many. */
  isJudged: z.boolean(),
  /** The alarms, with their newest counts. */
  alarms: z.array(growthSchema),
});

export const watchLineSchema = z.discriminatedUnion('type', [
  startSchema,
  inspectionSchema,
  failedSchema,
  alarmSchema,
  endSchema,
]);

export type WatchLine = z.infer<typeof watchLineSchema>;
export type WatchedGrowth = z.infer<typeof growthSchema>;
export type WatchAlarm = z.infer<typeof alarmSchema>;
export type WatchEnd = z.infer<typeof endSchema>;
