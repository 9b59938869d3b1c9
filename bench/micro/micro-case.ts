/** A case of the micro-benchmarks: something that is done over and over, and timed. */
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
