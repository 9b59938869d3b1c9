/** Watches a generator's memory for ten minutes, and keeps what it was: `npm run soak`, or `npm run soak -- MINUTES`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { ssebenchVersion } from '../bench/environment.ts';
import { childrenOf } from '../bench/fixtures/processes.ts';
import { scenario } from '../bench/fixtures/round.ts';
import { residentMb, type SoakProof } from '../bench/report/proofs.ts';
import { taskFor } from '../bench/round/task.ts';
import { realWorld } from '../bench/round/world.ts';
import { placement } from '../bench/target/cores.ts';
import { machineLimits } from '../bench/target/limits.ts';
import { sampleProcess } from '../bench/target/process.ts';
import { startServer } from '../bench/target/server.ts';
import { catalog } from '../servers/catalog.ts';

const minutes = Number(process.argv[2] ?? 10);
const [streams, intervalMs] = [2_000, 200];
const long = { ...scenario, streams, quietStreams: 0, intervalMs, rampMs: 2_000, warmUpMs: 0, durationMs: minutes * 60_000 };
const kept = new URL('../results/proofs/', import.meta.url);

const world = realWorld();
const cores = placement();
const floor = { kind: 'reference', name: 'floor', file: catalog.floor!.file } as const;
const server = await startServer(floor.file, cores?.server);
const fleet = await world.startFleet(1, cores?.load);
const { pid } = childrenOf(process.pid).find(({ command }) => command.includes('generator'))!;
const task = taskFor(floor, 1, server.origin, { scenario: long, limits: machineLimits(), world });
fleet.run(task);
await sleep(long.rampMs);

const samples: SoakProof['samples'] = [];
const openNs = world.clock.nowNs();
for (let atS = 1; atS <= minutes * 60; atS++) {
  await sleep((openNs + atS * 1e9 - world.clock.nowNs()) / 1e6);
  samples.push({ atS, rssBytes: sampleProcess(pid)!.rssBytes });
  if (atS % 10 === 0) console.log(`${atS} s: ${residentMb(samples, atS).toFixed(1)} MB, ${fleet.progress().open} streams open`);
}
const { recording } = await fleet.disconnect();
await Promise.all([fleet.kill(), server.stop()]);

const proof: SoakProof = {
  date: new Date().toISOString().slice(0, 10),
  ssebench: ssebenchVersion,
  node: process.versions.node,
  machine: `${os.platform()} ${os.arch()}, ${os.availableParallelism()} cores`,
  command: `npm run soak${minutes === 10 ? '' : ` -- ${minutes}`}`,
  streams,
  eventsPerSecond: 1000 / intervalMs,
  samples,
  events: recording.counts.eventsInAll,
  failed: Object.values(recording.failures).reduce((sum, { count }) => sum + count, 0),
};
mkdirSync(kept, { recursive: true });
writeFileSync(new URL('soak.json', kept), `${JSON.stringify(proof)}\n`);
const [first, last] = [residentMb(samples, 60), residentMb(samples, minutes * 60)];
console.log(`After one minute ${first.toFixed(1)} MB, after ${minutes} minutes ${last.toFixed(1)} MB: ${(100 * (last / first - 1)).toFixed(1)} %.`);
if (Math.abs(last / first - 1) > 0.05) process.exitCode = 1;
