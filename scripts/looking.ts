/**
 * What it costs a server under load that it can be looked into: CPU per event with nothing, with an inspector that is
 * closed, and with the probe, in turn, round by round: `npm run looking`, or `npm run looking -- ROUNDS`.
 */
import { createInterface } from 'node:readline';
import { catalog } from '../servers/catalog.ts';
import { measureOnce, measured } from '../bench/fixtures/round.ts';
import { exitOf, launch } from '../bench/launch.ts';
import type { LookingProof } from '../bench/report/proofs.ts';
import { randomFrom } from '../bench/scenario/random.ts';
import { placement } from '../bench/target/cores.ts';
import { sampleProcess } from '../bench/target/process.ts';
import { fileURLToPath } from 'node:url';
import { bootstrapInterval } from '../bench/verdict/bootstrap.ts';
import { keepProof } from './keep-proof.ts';

const rounds = Number(process.argv[2] ?? 20);
const scenario = { streams: 500, quietStreams: 0, intervalMs: 50, rampMs: 1_000, warmUpMs: 1_000, durationMs: 3_000 };
const probe = fileURLToPath(new URL('../bench/target/probe/probe.cjs', import.meta.url));
const ways = [
  { name: 'nothing', nodeArguments: [] },
  { name: 'an inspector that is closed', nodeArguments: ['--inspect-port=127.0.0.1:0'] },
  { name: 'the probe', nodeArguments: ['--inspect-port=127.0.0.1:0', '--require', probe] },
];

/** CPU of the server for each event, in µs. */
async function measure(nodeArguments: readonly string[]): Promise<number> {
  const child = launch([process.execPath, ...nodeArguments, catalog.express!.file, '--port', '0'], { cores: placement()?.server, stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = exitOf(child);
  const port = await new Promise<string>((resolve) => {
    createInterface({ input: child.stdout! }).on('line', (line) => resolve(/port (\d+)/.exec(line)?.[1] ?? ''));
  });
  const cpuNs: number[] = [];
  const url = `http://127.0.0.1:${port}/event?interval=${scenario.intervalMs}&stamp`;
  const { result } = await measureOnce({ kind: 'url', name: 'express', url, intervalMs: scenario.intervalMs }, {
    scenario,
    onPhase: (phase) => void ((phase === 'measure' || phase === 'disconnect') && cpuNs.push(sampleProcess(child.pid!)!.cpuNs)),
  });
  child.kill('SIGTERM');
  await exited;
  return (cpuNs[1]! - cpuNs[0]!) / 1_000 / measured(result).counts.events;
}

const cpuUs: number[][] = ways.map(() => []);
for (let round = 1; round <= rounds; round++) {
  for (const [way, { nodeArguments }] of ways.entries()) cpuUs[way]!.push(await measure(nodeArguments));
  console.log(`${round} of ${rounds}: ${ways.map(({ name }, way) => `${name} ${cpuUs[way]![round - 1]!.toFixed(1)} µs`).join(', ')}`);
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
/** Rounds are pairs: whatever the machine did then, it did to both. */
const ratioOf = (pairs: readonly (readonly [number, number])[]) => mean(pairs.map(([without, with_]) => with_ / without));
const rows: LookingProof['rows'] = ways.map(({ name }, way) => {
  const pairs = cpuUs[way]!.map((us, round) => [cpuUs[0]![round]!, us] as const);
  return { what: name, rounds, medianUs: cpuUs[way]!.toSorted((a, b) => a - b)[Math.floor(rounds / 2)]!, ratio: ratioOf(pairs), ...bootstrapInterval([pairs], ratioOf, { random: randomFrom(1) }) };
});
keepProof('looking', `npm run looking${rounds === 20 ? '' : ` -- ${rounds}`}`, { streams: scenario.streams, eventsPerSecond: 1_000 / scenario.intervalMs, rows });
console.table(rows);
