/** The result of a check for leaks: plain JSON, from which every report is made. */
import { z } from 'zod';
import { heldKinds, type HeldKind } from './held.ts';
import type { DisconnectMode } from '../scenario/disconnect-modes.ts';

/** Ways to look at what a server holds, the strongest first. */
export const inspectionKinds = ['probe', 'inspector', 'outside'] as const;
export type InspectionKind = (typeof inspectionKinds)[number];

const count = z.int().nonnegative();
const place = z.object({ file: z.string(), line: z.int(), column: z.int() });

/** As `verdict/leaks.ts` has them. */
const leakSchema = z.object({
  kind: z.enum(Object.keys(heldKinds) as [HeldKind, ...HeldKind[]]),
  what: z.string(),
  place: place.optional(),
  traced: z.boolean(),
  library: place.optional(),
  count: z.number(),
  perDisconnect: z.number(),
  disconnects: count,
  afterMs: z.number(),
  goneAfterMs: z.number().nullable(),
});

/** What was found in one mode. */
const modeResultSchema = z.object({
  mode: z.string(),
  about: z.string(),
  /** Why it was not tried; nothing was found then. */
  skipped: z.string().nullable(),
  /** Streams that came and left, in all rounds. */
  disconnects: count,
  leaks: z.array(leakSchema),
  /** What the clients saw that they should not: no events, refusals. */
  oddities: z.array(z.string()),
  /** The longest that a clean round took to be clean; `null` where none was. */
  cleanAfterMs: z.number().nullable(),
  /** From the clients' leaving to the clearing of their timers; `null` where only the probe could tell, and was not there. */
  releaseMs: z.object({ p50: z.number(), max: z.number() }).nullable(),
  /** What a stream costs whose client does not read; `null` in other modes. */
  blockedKbPerStream: z.number().nullable(),
});

const checkResultSchema = z.object({
  /** How the server was looked at, in the end. */
  look: z.enum(inspectionKinds),
  /** Why not in a stronger way; empty where that was the strongest, or was asked for. */
  why: z.string(),
  modes: z.array(modeResultSchema),
  /** Why it did not come to its end; `null` where it did. */
  brokeOff: z.string().nullable(),
});

export const serverVerdictSchema = checkResultSchema.extend({
  server: z.string(),
  /** `odd`: nothing leaks, but clients did not see what they should; `unknown`: nobody could look. */
  state: z.enum(['clean', 'leaking', 'odd', 'unknown']),
  /** Why nobody could, or not to the end. */
  reason: z.string().nullable(),
});

export type ModeResult = z.infer<typeof modeResultSchema>;
export type CheckResult = z.infer<typeof checkResultSchema>;
export type ServerVerdict = z.infer<typeof serverVerdictSchema>;

export interface LeaksResult {
  schemaVersion: 1;
  startedAt: string;
  servers: ServerVerdict[];
}

/** A mode in which nothing was tried. */
export function skippedMode({ name, about }: DisconnectMode, skipped: string): ModeResult {
  return {
    mode: name,
    about,
    skipped,
    disconnects: 0,
    leaks: [],
    oddities: [],
    cleanAfterMs: null,
    releaseMs: null,
    blockedKbPerStream: null,
  };
}

/** A mode is clean where it leaks nothing, and its clients saw what they should. */
export const isClean = ({ leaks, oddities }: ModeResult): boolean =>
  leaks.length === 0 && oddities.length === 0;

/** @returns clean only where at least one mode was tried */
export function verdictOf(server: string, result: CheckResult): ServerVerdict {
  const tried = result.modes.some(({ skipped }) => skipped === null);
  if (!tried) {
    const reasons = result.modes.map(({ about, skipped }) => `\n  ${about}: ${skipped}`);
    return {
      ...notInspected(
        server,
        new Error(result.brokeOff ?? `every way to leave was skipped:${reasons.join('')}`),
      ),
      ...result,
    };
  }
  return { ...result, server, state: stateOf(result), reason: result.brokeOff };
}

/** What was found stands, though there might have been more. */
function stateOf({ modes, brokeOff }: CheckResult): ServerVerdict['state'] {
  if (modes.some(({ leaks }) => leaks.length > 0)) return 'leaking';
  if (modes.some(({ oddities }) => oddities.length > 0)) return 'odd';
  return brokeOff === null ? 'clean' : 'unknown';
}

export function notInspected(server: string, { message }: Error): ServerVerdict {
  return {
    server,
    look: 'inspector',
    why: '',
    state: 'unknown',
    reason: message,
    modes: [],
    brokeOff: null,
  };
}
