/**
 * Observes a generator's memory for ten minutes, and saves the figures: `npm run soak`, or
 * `npm run soak -- MINUTES`.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { childrenOf } from '../bench/system/processes.ts';
import { steady } from '../bench/tests/fixtures/helpers/scenario.ts';
import type { SoakProof } from '../bench/proofs/soak.ts';
import { taskFor } from '../bench/run/round/task.ts';
import { realWorld } from '../bench/run/round/world.ts';
import { placement } from '../bench/system/cores.ts';
import { openInspector } from '../bench/inspector/inspect.ts';
import { machineLimits } from '../bench/system/machine-limits.ts';
import { startServer } from '../bench/under-test/server.ts';
import { catalog } from '../servers/catalog.ts';
import { keepProof } from './keep-proof.ts';

const minutes = Number(process.argv[2] ?? 10);
const [streams, intervalMs] = [2_000, 200];
const long = {
  ...steady,
  streams,
  quietStreams: 0,
  intervalMs,
  rampMs: 2_000,
  warmUpMs: 0,
  durationMs: (minutes + 1) * 60_000,
};
const inspectorPort = 9_339;

const world = realWorld();
const cores = placement();
const floor = { kind: 'reference', name: 'floor', file: catalog.floor!.file } as const;
const server = await startServer(floor.file, cores?.server);
process.env.NODE_OPTIONS = `--inspect-port=127.0.0.1:${inspectorPort}`;
const fleet = await world.startFleet(1, cores?.load, { descriptors: 5_000, isHttp2: false });
const { pid } = childrenOf(process.pid).find(({ command }) => command.includes('generator'))!;
process.kill(pid, 'SIGUSR1'); // opens its inspector
fleet.run(taskFor(floor, 1, server.origin, { scenario: long, limits: machineLimits(), world }));
await sleep(long.rampMs);
const [{ webSocketDebuggerUrl }] = (await (
  await fetch(`http://127.0.0.1:${inspectorPort}/json/list`)
).json()) as [{ webSocketDebuggerUrl: string }];

/** Heap and external memory after a garbage collection, and the resident memory at that moment. */
async function memory() {
  const inspector = await openInspector(webSocketDebuggerUrl);
  const found = await inspector.callOnAll('WeakRef.prototype', () => {
    const { heapUsed, external, rss } = process.memoryUsage();
    return { heldBytes: heapUsed + external, rssBytes: rss };
  });
  inspector.close();
  return found;
}

const samples: SoakProof['samples'] = [];
const openNs = world.clock.nowNs();
for (let minute = 1; minute <= minutes; minute++) {
  await sleep((openNs + minute * 60e9 - world.clock.nowNs()) / 1e6);
  const found = await memory();
  samples.push({ minute, ...found });
  const [held, rss] = [found.heldBytes, found.rssBytes].map(
    (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MB`,
  );
  console.log(
    `${minute} min: ${held} held, ${rss} resident, ${fleet.progress().open} streams open`,
  );
}
const { recording } = await fleet.disconnect();
await Promise.all([fleet.kill(), server.stop()]);

keepProof('soak', `npm run soak${minutes === 10 ? '' : ` -- ${minutes}`}`, {
  streams,
  eventsPerSecond: 1000 / intervalMs,
  samples,
  events: recording.counts.eventsInAll,
  failed: Object.values(recording.failures).reduce((sum, { count }) => sum + count, 0),
});
if (Math.abs(samples.at(-1)!.heldBytes / samples[0]!.heldBytes - 1) > 0.05) process.exitCode = 1;
