/** What is timed: one row each. Every case says how much it does in a call, and is asked for it before it is timed. */
import { framing } from './framing.ts';
import { inputs } from './inputs.ts';
import { parsing } from './parsing.ts';
import { recording } from './recording.ts';
import type { MicroCase } from './micro-case.ts';

export function cases(seed: number): MicroCase[] {
  return [...framing(), ...inputs(seed).flatMap(parsing), ...recording(seed)];
}
