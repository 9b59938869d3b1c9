/** Spoils measurements on purpose, each cause twenty times, and keeps how often it was found: `npm run doubts`. */
import { causes, isFoundBy } from '../bench/fixtures/causes.ts';
import type { DoubtsProof } from '../bench/report/proofs.ts';
import { keepProof } from './keep-proof.ts';

const times = Number(process.argv[2] ?? 20);

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

keepProof('doubts', `npm run doubts${times === 20 ? '' : ` -- ${times}`}`, { rows });
console.table(rows);
