/**
 * Holds 100,000 streams for a minute with one command, and saves the figures: `npm run hold`, or
 * `npm run hold -- STREAMS`. It opens the report in a browser.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { holds } from '../bench/proofs/hold.ts';
import { readResult } from '../bench/report/read-result.ts';
import { valueOf } from '../bench/scenario/complaint.ts';
import { launchBrowser } from '../bench/tests/fixtures/helpers/browser.ts';
import { keepProof } from './keep-proof.ts';

const usualStreams = 100_000;
const streams = Number(process.argv[2] ?? usualStreams);
const words = `run node-http --streams ${streams} --quiet-streams 0 --interval 10s --duration 1m --rounds 1`;
const scratch = mkdtempSync(join(tmpdir(), 'ssebench-'));

const startMs = performance.now();
const args = ['bench/cli.ts', ...words.split(' '), '--out', scratch];
const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] });
await once(child, 'exit');
const wholeMs = performance.now() - startMs;
const { rounds, scenario } = valueOf(readResult(scratch), scratch);
const [round] = rounds;
if (round?.state !== 'measured') throw new Error(round?.message ?? 'there is no round');

/** Opens the report in a browser that already shows a page, as a person's does. */
async function openReport(file: string) {
  const browser = await launchBrowser();
  const page = await browser.newPage();
  await page.goto('about:blank');
  const beforeMs = performance.now();
  await page.goto(pathToFileURL(file).href);
  await page.locator('table').first().waitFor();
  const openMs = performance.now() - beforeMs;
  await browser.close();
  return { bytes: statSync(file).size, openMs };
}
const report = await openReport(join(scratch, 'report.html'));
rmSync(scratch, { recursive: true });

const { counts, failures, process: server, generators, timeline } = round;
const sum = (all: readonly number[]) => all.reduce((total, each) => total + each, 0);
const proof = {
  run: `ssebench ${words}`,
  streams,
  serverProcesses: scenario.serverProcesses,
  generators: generators.length,
  rampMs: timeline.samples.find(({ open }) => open === streams)?.atMs ?? Infinity,
  heldMs: round.durationMs,
  events: counts.events,
  plannedEvents: Math.round((streams * round.durationMs) / round.intervalMs!),
  missing: counts.missing,
  failed: sum(Object.values(failures).map(({ count }) => count)),
  ended: counts.ended,
  openAtEnd: round.openAtEnd,
  server: {
    rssBytes: server!.loadedRssBytes,
    cpuShare: server!.cpuNs / 1e6 / server!.cpuOverMs,
  },
  load: {
    rssBytes: sum(generators.map(({ rssBytes }) => rssBytes)),
    cpuShare: sum(generators.map(({ cpuNs }) => cpuNs)) / 1e6 / round.durationMs,
  },
  doubts: round.doubts.map(({ finding }) => finding),
  wholeMs,
  report,
};
keepProof('hold', `npm run hold${streams === usualStreams ? '' : ` -- ${streams}`}`, proof);
console.log(proof);
if (!holds(proof)) process.exitCode = 1;
