/**
 * Compares two ways to tick, and the effect of one stall. The first is a timer for each stream,
 * spread as the streams arrived. The second is the same after a stall of 0.5 s, which aligns all
 * timers permanently. The third is one timer for all streams. The server is always the same:
 * `npm run ticking`, or `npm run ticking -- ROUNDS`.
 */
import { fromOutside } from '../bench/scenario/scenario.ts';
import { fixture, measured, measureOnce } from '../bench/tests/fixtures/helpers/round.ts';
import { moveToCores } from '../bench/system/launch.ts';
import { readingsOf } from '../bench/metrics/metric.ts';
import { spreadOf } from '../bench/metrics/summary.ts';
import type { TickingProof } from '../bench/proofs/ticking.ts';
import { randomFrom, shuffled } from '../bench/statistics/random.ts';
import { placement } from '../bench/system/cores.ts';
import { startServer } from '../bench/under-test/server.ts';
import { keepProof } from './keep-proof.ts';

const rounds = Number(process.argv[2] ?? 6);
const [streams, intervalMs] = [2_000, 200];
const phases = { rampMs: 2_000, warmUpMs: 1_500, durationMs: 4_000 };
/**
 * The stall is in the warm-up, when all streams are open. The measurement shows its lasting effect.
 */
const stall = { block: '500', at: '2300' };
const ways: { what: string; query: Record<string, string> }[] = [
  { what: 'a timer for each stream', query: {} },
  { what: 'the same, after a stall of 500 ms', query: stall },
  { what: 'one timer for all streams', query: { shared: '1' } },
];
const cores = placement();
if (cores) moveToCores(cores.load);
const random = randomFrom(1);

/** @returns milliseconds */
async function measure(
  query: Record<string, string>,
): Promise<{ deliveryP50: number; deliveryP99: number; loopDelayP99: number }> {
  const server = await startServer(fixture('wrong'), cores?.server);
  try {
    const asked = new URLSearchParams({ key: '1', interval: String(intervalMs), ...query });
    const serverUnderTest = fromOutside('it', `${server.origin}/event?${asked}`, intervalMs);
    const { result } = await measureOnce(serverUnderTest, {
      scenario: { ...phases, streams, intervalMs, quietStreams: 0 },
    });
    const { delivery, loopDelay } = readingsOf(measured(result)).durations;
    return {
      deliveryP50: delivery.quantileMs(0.5)!,
      deliveryP99: delivery.quantileMs(0.99)!,
      loopDelayP99: loopDelay.quantileMs(0.99)!,
    };
  } finally {
    await server.stop();
  }
}

const found = ways.map((): Awaited<ReturnType<typeof measure>>[] => []);
for (let round = 1; round <= rounds; round++) {
  for (const [way, { what, query }] of shuffled([...ways.entries()], random)) {
    const figures = await measure(query);
    found[way]!.push(figures);
    console.log(
      `${round} of ${rounds}, ${what}: delivery ${figures.deliveryP50.toFixed(2)} ms, p99 ${figures.deliveryP99.toFixed(1)} ms`,
    );
  }
}
const rows = ways.map(({ what }, way): TickingProof['rows'][number] => {
  const over = (figure: 'deliveryP50' | 'deliveryP99' | 'loopDelayP99') =>
    spreadOf(found[way]!.map((each) => each[figure]))!;
  return {
    what,
    deliveryP50: over('deliveryP50'),
    deliveryP99: over('deliveryP99'),
    loopDelayP99: over('loopDelayP99'),
  };
});
keepProof('ticking', `npm run ticking${rounds === 6 ? '' : ` -- ${rounds}`}`, {
  rounds,
  streams,
  intervalMs,
  rows,
});
console.table(
  rows.map(({ what, ...figures }) => ({
    what,
    ...Object.fromEntries(Object.entries(figures).map(([name, { median }]) => [name, median])),
  })),
);
