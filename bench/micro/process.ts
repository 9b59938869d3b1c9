/** One round of the micro-benchmarks: all cases once, in an order of its own, in a process that has run nothing else. */
import { Bench } from 'tinybench';
import { randomFrom, shuffled } from '../statistics/random.ts';
import { cases } from './cases.ts';

/** What a round says of one case: nanoseconds for one event, timer or whatever it counts. */
export type MicroRound = Record<string, number>;

const seed = Number(process.argv[2] ?? 1);
const all = shuffled(cases(seed), randomFrom(seed));
// What does something else than it says would be timed for nothing.
for (const { group, name, amount, run } of all) {
  const done = await run();
  if (done !== amount) throw new Error(`${group}, ${name}: did ${done}, and not ${amount}`);
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
