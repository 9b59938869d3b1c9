/**
 * Measures what a generator of ssebench costs, in turn with a C reader that is compiled now, and
 * with the clients that people would use instead. Run `npm run generator-cost`. With `-- --quick`
 * it takes a minute and saves nothing, and `-- --largest STREAMS` ends the table of loads there.
 */
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { generatorName, type Comparison, type Growth } from '../bench/proofs/generator-cost.ts';
import { targetsOf } from '../bench/proofs/generator-cost-figures.ts';
import { reservedDescriptors } from '../bench/scenario/limits.ts';
import { randomFrom, shuffled } from '../bench/statistics/random.ts';
import { machineLimits } from '../bench/system/machine-limits.ts';
import { moveToCores } from '../bench/system/launch.ts';
import {
  compileReader,
  folder,
  installPeers,
  type Client,
  type MissingClient,
} from './generator-cost/clients.ts';
import { cores, measureClient, measureGenerators, type Load } from './generator-cost/measure.ts';
import { keepProof } from './keep-proof.ts';

const { values } = parseArgs({
  options: { quick: { type: 'boolean' }, largest: { type: 'string' } },
});
const quick = values.quick ?? false;
const largest = Number(values.largest ?? (quick ? 2_000 : 100_000));
const rounds = quick ? 2 : 5;
const [warmUpMs, measureMs] = quick ? [500, 1_000] : [1_000, 3_000];
const scale = quick ? 0.1 : 1;
const few = { streams: 2_000 * scale, rampMs: quick ? 500 : 1_500, warmUpMs, measureMs };
const many = { streams: 10_000 * scale, rampMs: quick ? 500 : 4_000, warmUpMs, measureMs };
/** No event arrives in this time. */
const neverMs = 1_000_000;
/** With more, several servers on one core are the limit, not the generators. */
const mostEventsPerSecond = 10_000;
const random = randomFrom(1);
if (cores) moveToCores(cores.load);

type Measured = Client | MissingClient | { name: typeof generatorName };

async function compare(
  name: Comparison['name'],
  load: Load,
  clients: readonly Measured[],
): Promise<Comparison> {
  const found: Comparison['clients'] = clients.map((client) => ({
    name: client.name,
    samples: [],
    ...('why' in client && { why: client.why }),
  }));
  for (let round = 1; round <= rounds; round++) {
    for (const [place, client] of shuffled([...clients.entries()], random)) {
      const row = found[place]!;
      if (row.why !== undefined) continue;
      try {
        const sample =
          'command' in client ? await measureClient(client, load) : await measureGenerators(load);
        row.samples.push(sample);
        const cost = sample.cpuUsPerEvent ?? sample.cpuUsPerOpen;
        console.log(`${name}, ${round} of ${rounds}, ${client.name}: ${cost.toFixed(1)} µs`);
      } catch (error) {
        row.samples = [];
        row.why = `It did not sustain the load: ${(error as Error).message}.`;
        console.log(`${name}, ${client.name}: ${row.why}`);
      }
    }
  }
  const eventsPerSecond =
    load.intervalMs === neverMs ? null : load.streams / (load.intervalMs / 1000);
  return { name, load: { streams: load.streams, eventsPerSecond }, clients: found };
}

async function grow(): Promise<Growth[]> {
  const sizes = [100, 1_000, 10_000, 30_000, 100_000].filter((size) => size < largest);
  const perProcess = machineLimits().descriptors - reservedDescriptors;
  const rows: Growth[] = [];
  for (const streams of [...sizes, largest]) {
    const processes = Math.ceil(streams / perProcess);
    const load = {
      streams,
      intervalMs: Math.max(2_000, (streams / mostEventsPerSecond) * 1_000),
      rampMs: Math.max(1_000, streams / 2.5),
      warmUpMs,
      measureMs: 4 * measureMs,
    };
    const sample = await measureGenerators(load, processes);
    const eventsPerSecond = streams / (load.intervalMs / 1_000);
    rows.push({ load: { streams, eventsPerSecond }, processes, samples: [sample] });
    console.log(`${streams} streams: ${sample.cpuUsPerEvent?.toFixed(1) ?? '–'} µs per event`);
  }
  return rows;
}

try {
  const reader = compileReader(1);
  console.log('Installs the other clients in a temporary folder');
  const peers = installPeers();
  const pair: readonly Measured[] = [reader, { name: generatorName }];
  const comparisons = [
    await compare('frequent', { ...few, intervalMs: 100 }, [...pair, ...peers]),
    await compare('many', { ...many, intervalMs: 1_000 }, pair),
    await compare('opening', { ...many, intervalMs: neverMs, measureMs: 100 }, pair),
    await compare('saturated', { ...few, intervalMs: 20, sharesTicker: true }, pair),
  ];
  const measured = { rounds, comparisons, growth: await grow() };
  const options = process.argv.slice(2).join(' ');
  const command = `npm run generator-cost${options === '' ? '' : ` -- ${options}`}`;
  if (!quick) keepProof('generator-cost', command, measured);
  console.table(targetsOf(measured));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
