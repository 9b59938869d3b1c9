/** What is timed: one row each. Every case says how much it does in a call, and is asked for it before it is timed. */
import { framing } from './framing.ts';
import { inputs } from './inputs.ts';
import { parsing } from './parsing.ts';
import { recording } from './recording.ts';

export interface MicroCase {
  /** Cases of one group do the same; the first is what the others are compared with. */
  group: string;
  name: string;
  /** Of what a call does `amount`: events, timers. */
  unit: string;
  amount: number;
  /** That go through it in a call; 0 where that is no figure. */
  bytes: number;
  /** @returns how much was done */
  run(): number | Promise<number>;
}

export function cases(seed: number): MicroCase[] {
  return [...framing(), ...inputs(seed).flatMap(parsing), ...recording(seed)];
}
