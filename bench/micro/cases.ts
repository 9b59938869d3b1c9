/**
 * All cases that the micro-benchmarks time. Each case declares how much work one call does, and
 * this is verified before timing.
 */
import { framing } from './framing.ts';
import { inputs } from './inputs.ts';
import { parsing } from './parsing.ts';
import { recording } from './recording.ts';
import type { MicroCase } from './micro-case.ts';

export function cases(seed: number): MicroCase[] {
  return [...framing(), ...inputs(seed).flatMap(parsing), ...recording(seed)];
}
