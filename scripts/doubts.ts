/**
 * Deliberately causes invalid measurements, 20 times for each cause, and saves how often each was
 * found: `npm run doubts`.
 */
import { causes, isFoundBy } from '../bench/tests/fixtures/helpers/causes.ts';
import type { DoubtsProof } from '../bench/proofs/doubts.ts';
import type { RoundResult } from '../bench/result/run-result.ts';
import { keepProof } from './keep-proof.ts';

const times = Number(process.argv[2] ?? 20);

/** If the host takes away CPU time, a round that should be healthy is not, so it is repeated. */
const isNotHealthy = (check: string | undefined, result: RoundResult) =>
  check === undefined && isFoundBy('stolen time', result);

const rows: DoubtsProof['rows'] = [];
for (const { what, check, measure } of causes) {
  const row = { what, check: check ?? null, measured: 0, found: 0, flagged: 0, repeated: 0 };
  rows.push(row);
  while (row.measured < times) {
    const result = await measure();
    if (isNotHealthy(check, result) && row.repeated < times) {
      row.repeated++;
      console.log(`${what}: repeated, because the host took CPU time`);
      continue;
    }
    const doubts =
      result.state === 'failed' ? [result.message] : result.doubts.map(({ finding }) => finding);
    row.measured++;
    if (doubts.length > 0) row.flagged++;
    if (check !== undefined && isFoundBy(check, result)) row.found++;
    console.log(`${what}, ${row.measured} of ${times}: ${doubts.join('; ') || 'no doubt'}`);
  }
}

keepProof('doubts', `npm run doubts${times === 20 ? '' : ` -- ${times}`}`, { rows });
console.table(rows);
const allDetected = rows.every(({ check, measured, found, flagged }) =>
  check === null ? flagged === 0 : found === measured,
);
if (!allDetected) process.exitCode = 1;
