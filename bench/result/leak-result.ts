/** The result of a leak check: plain JSON, from which every report is generated. */
import { z } from 'zod';
import { heldSchema } from './held.ts';
import { workSchema } from './work.ts';
import type { DisconnectMode } from '../scenario/disconnect-modes.ts';

/** The methods to inspect what a server holds, the strongest first. */
export const inspectionKinds = ['probe', 'inspector', 'outside'] as const;
export type InspectionKind = (typeof inspectionKinds)[number];

const count = z.int().nonnegative();

/** A count that grows with the disconnects. */
const leakSchema = heldSchema.extend({
  /** The slope: 1 if each disconnect leaks one. */
  perDisconnect: z.number(),
  /** The 95 % confidence interval of the slope. Only memory has one, in the mode that confirmed it. */
  interval: z.tuple([z.number(), z.number()]).optional(),
  /** Number of disconnects after which `count` things were leaked. */
  disconnects: count,
  /**
   * Number of groups of clients after which they were leaked: it leaks each time that the last
   * client of a group disconnects. Absent if it leaks for each disconnect.
   */
  groups: count.optional(),
  /** Minimum time after the last disconnect at which the things were still held. */
  afterMs: z.number(),
  /**
   * The longest time until the things were released, if they were released late each time; `null`
   * if they remain.
   */
  releasedAfterMs: z.number().nullable(),
  /**
   * The collections that hold it: `a Set and an array`. Absent if they are unknown, and in older
   * results.
   */
  holder: z.string().optional(),
  /**
   * The counts before and after each round, as evidence. The count after a round is that of three
   * equal inspections, or of the deadline. Absent in older results.
   */
  rounds: z
    .array(z.object({ disconnects: count, before: z.number(), held: z.number() }))
    .optional(),
});

/** The findings in one disconnect mode. */
const modeResultSchema = z.object({
  mode: z.string(),
  about: z.string(),
  /** Why the mode was skipped; it then has no findings. `null` if it was tried. */
  skipped: z.string().nullable(),
  /** The time that the mode took, with the start of the server; `null` if it is unknown. */
  tookMs: z.number().nullable().default(null),
  /** Streams that connected and disconnected, over all rounds. */
  disconnects: count,
  leaks: z.array(leakSchema),
  /** Unexpected observations of the clients: no events, refusals. */
  unexpected: z.array(z.string()),
  /** The longest time after which a clean round was clean; `null` if no round was clean. */
  cleanAfterMs: z.number().nullable(),
  /**
   * Milliseconds from the clients' disconnect to the clearing of their timers. Only the probe can
   * measure that; `null` without it.
   */
  releaseMs: z.object({ p50: z.number(), max: z.number() }).nullable(),
  /** The server's memory for each stream whose client does not read; `null` in other modes. */
  blockedKbPerStream: z.number().nullable(),
  /**
   * The work that the server still does after a disconnect; `null` if it could not be observed.
   * Absent in older results.
   */
  work: workSchema.nullable().optional(),
});

const checkResultSchema = z.object({
  /** The method of inspection that was used in the end. */
  inspection: z.enum(inspectionKinds),
  /** Why not a stronger method; empty if it was the strongest, or was given explicitly. */
  why: z.string(),
  modes: z.array(modeResultSchema),
  /**
   * Observations of the first clients, before the disconnect modes, that are faults of the server.
   * Absent in older results.
   */
  unexpected: z.array(z.string()).optional(),
  /**
   * Whether a skipped mode fails the check, because the modes were named or the check is strict.
   * Absent in older results.
   */
  mustTestAll: z.boolean().optional(),
  /**
   * The mode in which clients disconnected when the server ended, or several if only one of them can
   * be the cause, and the line at which it ended. `endedEarly` has its last output. Absent if it did not end.
   */
  death: z
    .object({ modes: z.array(z.string()), about: z.string(), place: heldSchema.shape.place })
    .optional(),
  /** Why the check ended early; `null` if it did not. */
  endedEarly: z.string().nullable(),
});

/** Lines of source code. */
export const codeSchema = z.object({
  /** The number of the first line, from 1. */
  firstLine: z.int().positive(),
  lines: z.array(z.string()),
});

/** One leak, in all modes in which it was found. */
const leakFindingSchema = heldSchema.omit({ count: true }).extend({
  holder: z.string().optional(),
  /** The source line, with two lines before and after it. Absent if the file was not readable. */
  code: codeSchema.optional(),
  modes: z.array(
    leakSchema
      .pick({
        count: true,
        perDisconnect: true,
        disconnects: true,
        groups: true,
        interval: true,
        afterMs: true,
        releasedAfterMs: true,
        rounds: true,
      })
      .extend({ mode: z.string(), about: z.string() }),
  ),
  /** Other things held because of it: created on the same line, or as often in the same modes. */
  consequences: z.array(
    heldSchema.omit({ count: true }).extend({
      perDisconnect: z.number(),
      /** How many for each group of clients. Absent if it leaks for each disconnect. */
      perGroup: z.number().optional(),
      modes: z.array(z.string()),
    }),
  ),
  /** The change that fixes it. */
  advice: z.string(),
  /** The section of the documentation that explains it: `docs/fix-leaks.md#timers`. */
  docs: z.string(),
});

export const serverVerdictSchema = checkResultSchema.extend({
  server: z.string(),
  /**
   * `clean`: nothing leaks in the modes that were tested; others may have been skipped.
   * `unexpected`: nothing leaks, but clients observed something unexpected. `not tested`: clean, but
   * a mode was skipped that must be tested. `died`: the server ended when clients disconnected. `not
   * inspected`: the server could not be inspected.
   */
  state: z.enum(['clean', 'leaking', 'unexpected', 'not tested', 'died', 'not inspected']),
  /** Why the server could not be inspected, or only in part. */
  reason: z.string().nullable(),
  /**
   * The leaks of all modes: one for each cause, those with a source line first. Absent in results of
   * older versions; `findingsOf` computes it.
   */
  findings: z.array(leakFindingSchema).optional(),
});

export type Code = z.infer<typeof codeSchema>;
export type LeakFinding = z.infer<typeof leakFindingSchema>;
export type Leak = z.infer<typeof leakSchema>;
export type ModeResult = z.infer<typeof modeResultSchema>;
export type CheckResult = z.infer<typeof checkResultSchema>;
export type ServerVerdict = z.infer<typeof serverVerdictSchema>;

export interface LeaksResult {
  schemaVersion: 2;
  startedAt: string;
  servers: ServerVerdict[];
}

/** The result of a mode that was skipped. */
export function skippedMode({ name, about }: DisconnectMode, skipped: string): ModeResult {
  return {
    mode: name,
    about,
    skipped,
    tookMs: null,
    disconnects: 0,
    leaks: [],
    unexpected: [],
    cleanAfterMs: null,
    releaseMs: null,
    blockedKbPerStream: null,
  };
}

/** A mode is clean if nothing leaks and its clients observed nothing unexpected. */
export const isClean = ({ leaks, unexpected }: ModeResult): boolean =>
  leaks.length === 0 && unexpected.length === 0;

/** The modes that were skipped, so that their result is unknown. */
export const untestedIn = (modes: readonly ModeResult[]): ModeResult[] =>
  modes.filter(({ skipped }) => skipped !== null);

/** @returns `clean` only if at least one mode was tried */
export function verdictOf(server: string, result: CheckResult): ServerVerdict {
  if (result.death) return { ...result, server, state: 'died', reason: result.endedEarly };
  const tried = result.modes.some(({ skipped }) => skipped === null);
  if (!tried) {
    const reasons = result.modes.map(({ about, skipped }) => `\n  ${about}: ${skipped}`);
    return {
      ...notInspected(
        server,
        new Error(result.endedEarly ?? `every disconnect mode was skipped:${reasons.join('')}`),
      ),
      ...result,
    };
  }
  return { ...result, server, state: stateOf(result), reason: result.endedEarly };
}

/** Findings count even if the check ended early. */
function stateOf({
  modes,
  mustTestAll,
  endedEarly,
  unexpected: before = [],
}: CheckResult): ServerVerdict['state'] {
  if (modes.some(({ leaks }) => leaks.length > 0)) return 'leaking';
  if (before.length > 0 || modes.some(({ unexpected }) => unexpected.length > 0))
    return 'unexpected';
  if (endedEarly !== null) return 'not inspected';
  return mustTestAll && untestedIn(modes).length > 0 ? 'not tested' : 'clean';
}

export function notInspected(server: string, { message }: Error): ServerVerdict {
  return {
    server,
    inspection: 'inspector',
    why: '',
    state: 'not inspected',
    reason: message,
    modes: [],
    endedEarly: null,
  };
}
