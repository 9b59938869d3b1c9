/**
 * Measures what inspection costs a server under load: with an inspector that was closed, and with
 * the probe. In each round, three new servers get the same load at the same time on one core, so
 * that disturbances of the machine affect all of them. Run `npm run inspection-cost`, or
 * `npm run inspection-cost -- ROUNDS`.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { exitOf, launch, moveToCores } from '../bench/system/launch.ts';
import { spreadOf } from '../bench/metrics/summary.ts';
import type { InspectionCostProof } from '../bench/proofs/inspection-cost.ts';
import { randomFrom, shuffled } from '../bench/statistics/random.ts';
import { placement } from '../bench/system/cores.ts';
import { sampleProcess } from '../bench/system/process.ts';
import { bootstrapInterval } from '../bench/statistics/bootstrap.ts';
import { catalog } from '../servers/catalog.ts';
import { keepProof } from './keep-proof.ts';

const rounds = Number(process.argv[2] ?? 30);
const [streams, intervalMs, warmUpMs, measureMs] = [200, 50, 1_500, 4_000];
const probe = fileURLToPath(new URL('../bench/inspector/probe/probe.cjs', import.meta.url));
const ways = [
  { name: 'nothing', nodeArguments: [] },
  { name: 'an inspector that is closed', nodeArguments: ['--inspect-port=127.0.0.1:0'] },
  { name: 'the probe', nodeArguments: ['--inspect-port=127.0.0.1:0', '--require', probe] },
];
const cores = placement();
if (cores) moveToCores(cores.load);
const random = randomFrom(1);

async function startServer(nodeArguments: readonly string[]) {
  const child = launch([process.execPath, ...nodeArguments, catalog.express!.file, '--port', '0'], {
    cores: cores?.server,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = exitOf(child);
  const port = await new Promise<number>((resolve) => {
    createInterface({ input: child.stdout! }).on('line', (line) =>
      resolve(Number(/port (\d+)/.exec(line)?.[1])),
    );
  });
  return { child, exited, port };
}

/** A stream that only counts its events. */
async function openStream(port: number, received: () => void): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(`GET /event?interval=${intervalMs} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  socket.on('data', (bytes) => void (bytes.includes('data: ') && received()));
  return socket;
}

/** @returns CPU time per event in µs, for each way of inspection */
async function measure(): Promise<number[]> {
  const servers: (Awaited<ReturnType<typeof startServer>> & {
    way: number;
    events: number;
    sockets: Socket[];
  })[] = [];
  for (const [way, { nodeArguments }] of shuffled([...ways.entries()], random))
    servers.push({ way, events: 0, sockets: [], ...(await startServer(nodeArguments)) });
  // Opens one stream of each server in turn, evenly spaced over an interval.
  for (let n = 0; n < streams; n++) {
    for (const server of servers)
      server.sockets.push(await openStream(server.port, () => void server.events++));
  }
  await sleep(warmUpMs);
  const used = () =>
    servers.map(({ child, events }) => ({ cpuNs: sampleProcess(child.pid!)!.cpuNs, events }));
  const before = used();
  await sleep(measureMs);
  const after = used();
  const found: number[] = [];
  for (const [place, { way }] of servers.entries())
    found[way] =
      (after[place]!.cpuNs - before[place]!.cpuNs) /
      1_000 /
      (after[place]!.events - before[place]!.events);
  for (const { sockets, child } of servers) {
    for (const socket of sockets) socket.destroy();
    child.kill('SIGTERM');
  }
  await Promise.all(servers.map(({ exited }) => exited));
  return found;
}

const all: number[][] = [];
for (let round = 1; round <= rounds; round++) {
  const found = await measure();
  all.push(found);
  console.log(
    `${round} of ${rounds}: ${ways.map(({ name }, way) => `${name} ${found[way]!.toFixed(1)} µs`).join(', ')}`,
  );
}
const rows: InspectionCostProof['rows'] = ways.map(({ name }, way) => {
  const ratioOf = (drawn: readonly (readonly number[])[]) =>
    spreadOf(drawn.map((found) => found[way]! / found[0]!))!.median;
  return {
    what: name,
    rounds,
    medianUs: spreadOf(all.map((found) => found[way]))!.median,
    ratio: ratioOf(all),
    ...bootstrapInterval([all], ratioOf, { random }),
  };
});
keepProof('inspection-cost', `npm run inspection-cost${rounds === 30 ? '' : ` -- ${rounds}`}`, {
  streams,
  eventsPerSecond: 1_000 / intervalMs,
  rows,
});
console.table(rows);
