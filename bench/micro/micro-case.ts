/** A case of the micro-benchmarks: an operation that is repeated and timed. */
export interface MicroCase {
  /** Cases of one group do the same work. The first is the baseline for the others. */
  group: string;
  name: string;
  /** The unit of `amount`, such as events or timers. */
  unit: string;
  amount: number;
  /** Bytes processed in one call; 0 if that figure has no meaning here. */
  bytes: number;
  /** @returns how many units were processed */
  run(): number | Promise<number>;
}
