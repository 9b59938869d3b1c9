/** One round of the micro-benchmarks: runs all cases once, in random order, in a new process. */
import { Bench } from 'tinybench';
import { randomFrom, shuffled } from '../statistics/random.ts';
import { cases } from './cases.ts';

/** Result of one round: for each case, nanoseconds per unit (event, timer and so on). */
export type MicroRound = Record<string, number>;

const seed = Number(process.argv[2] ?? 1);
const all = shuffled(cases(seed), randomFrom(seed));
// Timing a case that does not do its declared work would be useless.
for (const { group, name, amount, run } of all) {
  const done = await run();
  if (done !== amount)
    throw new Error(`${group}, ${name}: processed ${done} units instead of ${amount}`);
}

const bench = new Bench({ time: 250, warmupTime: 100, iterations: 10, throws: true });
for (const { group, name, run } of all)
  bench.add(`${group}, ${name}`, async () => void (await run()));
await bench.run();
const found = all.map(({ group, name, amount }): [string, number] => {
  const key = `${group}, ${name}`;
  const { latency } = bench.getTask(key)!.result as { latency: { p50: number } };
  return [key, (latency.p50 * 1e6) / amount];
});
process.send!(Object.fromEntries(found) satisfies MicroRound);
