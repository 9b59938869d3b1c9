/** Spoils measurements on purpose, each cause twenty times, and keeps how often it was found: `npm run doubts`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { causes, isFoundBy } from '../bench/fixtures/causes.ts';
import { ssebenchVersion } from '../bench/environment.ts';
import type { DoubtsProof } from '../bench/report/proofs.ts';

const times = Number(process.argv[2] ?? 20);
const kept = new URL('../results/proofs/', import.meta.url);

const rows: DoubtsProof['rows'] = [];
for (const { what, check, measure } of causes) {
  const row = { what, check: check ?? null, measured: 0, found: 0, flagged: 0 };
  rows.push(row);
  for (let time = 1; time <= times; time++) {
    const result = await measure();
    const doubts = result.state === 'failed' ? [result.message] : result.doubts.map(({ finding }) => finding);
    row.measured++;
    if (doubts.length > 0) row.flagged++;
    if (check !== undefined && isFoundBy(check, result)) row.found++;
    console.log(`${what}, ${time} of ${times}: ${doubts.join('; ') || 'no doubt'}`);
  }
}

const proof: DoubtsProof = {
  date: new Date().toISOString().slice(0, 10),
  ssebench: ssebenchVersion,
  node: process.versions.node,
  machine: `${os.platform()} ${os.arch()}, ${os.availableParallelism()} cores`,
  command: `npm run doubts${times === 20 ? '' : ` -- ${times}`}`,
  rows,
};
mkdirSync(kept, { recursive: true });
writeFileSync(new URL('doubts.json', kept), `${JSON.stringify(proof, null, 1)}\n`);
console.table(rows);
