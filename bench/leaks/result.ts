/** The result of a check for leaks: plain JSON, from which every report is made. */
import type { ModeResult } from './check.ts';

export interface LeaksResult {
  schemaVersion: 1;
  startedAt: string;
  servers: ServerVerdict[];
}

export interface ServerVerdict {
  server: string;
  /** How it was looked at. */
  look: 'inspector';
  /** `unknown`: nobody could look. */
  state: 'clean' | 'leaking' | 'unknown';
  /** Why nobody could. */
  reason: string | null;
  modes: ModeResult[];
}

/** A mode is clean where it leaks nothing, and its clients saw what they should. */
export const isClean = ({ leaks, oddities }: ModeResult): boolean => leaks.length === 0 && oddities.length === 0;
