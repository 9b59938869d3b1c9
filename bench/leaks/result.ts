/** The result of a check for leaks: plain JSON, from which every report is made. */
import type { Leak } from '../verdict/leaks.ts';
import type { LookKind } from './look/look.ts';
import type { LeaveMode } from './modes.ts';

export interface LeaksResult {
  schemaVersion: 1;
  startedAt: string;
  servers: ServerVerdict[];
}

export interface ServerVerdict extends CheckResult {
  server: string;
  /** `odd`: nothing leaks, but clients did not see what they should; `unknown`: nobody could look. */
  state: 'clean' | 'leaking' | 'odd' | 'unknown';
  /** Why nobody could, or not to the end. */
  reason: string | null;
}

/** What was found in one mode. */
export interface ModeResult {
  mode: string;
  about: string;
  /** Why it was not tried; nothing was found then. */
  skipped: string | null;
  /** Streams that came and left, in all rounds. */
  disconnects: number;
  leaks: Leak[];
  /** What the clients saw that they should not: no events, refusals. */
  oddities: string[];
  /** The longest that a clean round took to be clean; `null` where none was. */
  cleanAfterMs: number | null;
  /** From the clients' leaving to the clearing of their timers; `null` where only the probe could tell, and was not there. */
  releaseMs: { p50: number; max: number } | null;
  /** What a stream costs whose client does not read; `null` in other modes. */
  blockedKbPerStream: number | null;
}

/** A mode in which nothing was tried. */
export function skippedMode({ name, about }: LeaveMode, skipped: string): ModeResult {
  return { mode: name, about, skipped, disconnects: 0, leaks: [], oddities: [], cleanAfterMs: null, releaseMs: null, blockedKbPerStream: null };
}

export interface CheckResult {
  /** How the server was looked at, in the end. */
  look: LookKind;
  /** Why not in a stronger way; empty where that was the strongest, or was asked for. */
  why: string;
  modes: ModeResult[];
  /** Why it did not come to its end; `null` where it did. */
  brokeOff: string | null;
}

/** A mode is clean where it leaks nothing, and its clients saw what they should. */
export const isClean = ({ leaks, oddities }: ModeResult): boolean => leaks.length === 0 && oddities.length === 0;

/** @returns clean only where at least one mode was tried */
export function verdictOf(server: string, result: CheckResult): ServerVerdict {
  const tried = result.modes.some(({ skipped }) => skipped === null);
  if (!tried) {
    const reasons = result.modes.map(({ about, skipped }) => `\n  ${about}: ${skipped}`);
    return { ...couldNotLook(server, new Error(result.brokeOff ?? `every way to leave was skipped:${reasons.join('')}`)), ...result };
  }
  return { ...result, server, state: stateOf(result), reason: result.brokeOff };
}

/** What was found stands, though there might have been more. */
function stateOf({ modes, brokeOff }: CheckResult): ServerVerdict['state'] {
  if (modes.some(({ leaks }) => leaks.length > 0)) return 'leaking';
  if (modes.some(({ oddities }) => oddities.length > 0)) return 'odd';
  return brokeOff === null ? 'clean' : 'unknown';
}

export function couldNotLook(server: string, { message }: Error): ServerVerdict {
  return { server, look: 'inspector', why: '', state: 'unknown', reason: message, modes: [], brokeOff: null };
}
