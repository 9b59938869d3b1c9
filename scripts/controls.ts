/**
 * Checks every faulty and every clean server 20 times, and saves how often each had the expected
 * result: `npm run controls`. It takes four to five hours. `npm run controls -- --continue` continues an
 * interrupted run.
 */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { catalog } from '../servers/catalog.ts';
import { looksLeaky } from '../servers/clean/catalog.ts';
import { faults, workers } from '../servers/faulty/catalog.ts';
import {
  checkFile,
  checkLooksLeaky,
  foundOf,
  overHttp2,
  shouldBe,
  worksOnIn,
  type Found,
} from '../bench/tests/fixtures/helpers/leaks.ts';
import { disconnectModes } from '../bench/scenario/disconnect-modes.ts';
import type { ModeResult } from '../bench/result/leak-result.ts';
import { isRate } from '../bench/result/held.ts';
import { controlsProofSchema, type ControlsProof } from '../bench/proofs/controls.ts';
import { keepProof } from './keep-proof.ts';

const times = 20;
/** Checks mostly wait, so several run at once. */
const atOnce = 6;

/** This load keeps the machine busy, so clean servers get more time to release everything. */
const patient = { deadlineMs: 10_000, patienceMs: 15_000 };

type Row = ControlsProof['rows'][number];
interface Control {
  row: Row;
  modes: string[];
  /**
   * Findings with kind and line. The number per disconnect is only recorded, because a loop that
   * sleeps may be between two timers.
   */
  check(): Promise<ModeResult[]>;
  expected: Found;
  describe(results: readonly ModeResult[]): Found;
}

function controlOf(
  server: string,
  faulty: boolean,
  expected: Found,
  check: Control['check'],
  describe: Control['describe'] = (results) => foundOf(results, false),
): Control {
  const modes = Object.keys(expected);
  const clean = (mode: string) =>
    expected[mode] === 'clean' || expected[mode]!.startsWith('skipped');
  const row: Row = {
    server,
    faulty,
    leaksIn: modes.filter((mode) => !clean(mode)),
    cleanIn: modes.filter(clean),
    perDisconnect: null,
    checked: 0,
    right: 0,
    wrong: [],
  };
  return { row, modes, expected, check, describe };
}

const faulty = Object.entries(faults).map(([server, fault]) => {
  const modes = disconnectModes
    .filter(({ name, usual }) => usual || (fault.leaksIn !== 'all' && fault.leaksIn.includes(name)))
    .map(({ name }) => name);
  // In leaking modes every check waits for the deadline, so it is short. In clean modes a busy
  // machine needs time. With random disconnects, enough streams must disconnect at the wrong
  // moment.
  const options =
    fault.leaksIn === 'all' ? { streams: 5, deadlineMs: 300 } : { streams: 20, deadlineMs: 1_500 };
  const check = async () => (await checkFile(fault.file, modes, options)).modes;
  return controlOf(
    server,
    true,
    shouldBe(
      { ...fault, perDisconnect: null, also: fault.also.map((each) => each.split(' ')[0]!) },
      modes,
      relative('.', fault.file),
    ),
    check,
  );
});
const clean = Object.entries(catalog).map(([server, { file, waitsForDrain, http2 }]) => {
  const modes = disconnectModes
    .map(({ name }) => name)
    .filter((name) => waitsForDrain || name !== 'stop-reading')
    .filter((name) => !http2 || (name !== 'stop-reading' && name !== 'blocked'));
  const options = { ...patient, ...(http2 && overHttp2) };
  const expected = Object.fromEntries(modes.map((mode) => [mode, 'clean']));
  const check = async () => (await checkFile(file, modes, options, waitsForDrain)).modes;
  return controlOf(server, false, expected, check);
});

const pools = Object.entries(looksLeaky).map(([server, started]) => {
  const modes = disconnectModes.filter(({ usual }) => usual).map(({ name }) => name);
  const check = async () =>
    (await checkLooksLeaky(started, { modes, deadline: '10s', patience: '15s' })).modes;
  return controlOf(server, false, Object.fromEntries(modes.map((mode) => [mode, 'clean'])), check);
});

const working = workers.map(({ server, file, worksOn }) => {
  const modes = disconnectModes.filter(({ usual }) => usual).map(({ name }) => name);
  const expected = Object.fromEntries(modes.map((mode) => [mode, worksOn ? 'works on' : 'clean']));
  const check = async () => (await checkFile(file, modes, { ...patient, streams: 5 })).modes;
  return controlOf(server, worksOn, expected, check, worksOnIn);
});

/** Reference servers answer a POST with 404, which is not a leak. */
const isAsExpected = (found: string | undefined, expected: string | undefined) =>
  found === expected || (expected === 'clean' && found === 'skipped: POST failed: status 404');

async function once({ row, modes, expected, check, describe }: Control) {
  const results = await check().catch((error: Error) => error);
  const found: Found = results instanceof Error ? { all: results.message } : describe(results);
  if (!(results instanceof Error)) widen(row, results);
  const wrong = [...modes, 'all']
    .filter((mode) => !isAsExpected(found[mode], expected[mode]))
    .map((mode) => `${mode}: ${found[mode]}, not ${expected[mode]}`);
  row.checked++;
  if (wrong.length === 0) row.right++;
  row.wrong.push(...wrong);
  keep();
  console.log(`${row.server}, ${row.checked} of ${times}: ${wrong.join('; ') || 'right'}`);
}

/** The first leak of a mode is the expected one. Rates have no exact figure. */
function widen(row: Row, results: readonly ModeResult[]) {
  for (const {
    leaks: [leak],
  } of results) {
    if (!leak || isRate(leak.kind)) continue;
    const { least, most } = row.perDisconnect ?? { least: Infinity, most: -Infinity };
    row.perDisconnect = {
      least: Math.min(least, leak.perDisconnect),
      most: Math.max(most, leak.perDisconnect),
    };
  }
}

const controls = [...faulty, ...clean, ...pools, ...working];
const rows = controls.map(({ row }) => row);
const keep = () => keepProof('controls', 'npm run controls', { rows });
if (process.argv.includes('--continue')) {
  const { rows: kept } = controlsProofSchema.parse(
    JSON.parse(readFileSync(new URL('../results/proofs/controls.json', import.meta.url), 'utf8')),
  );
  for (const row of rows)
    Object.assign(
      row,
      kept.find(({ server, faulty: same }) => server === row.server && same === row.faulty),
    );
}
const left = Array.from({ length: times }, (_, place) =>
  controls.filter(({ row }) => row.checked <= place),
).flat();
await Promise.all(
  Array.from({ length: atOnce }, async () => {
    for (let next = left.shift(); next; next = left.shift()) await once(next);
  }),
);
if (rows.some(({ checked, right }) => right < checked)) process.exitCode = 1;
