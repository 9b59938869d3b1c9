/**
 * Measures how a browser that shows the live page changes a measurement. It runs pairs of express
 * runs: one with `--live` and a Chromium that shows its page, one without, in random order:
 * `npm run live-cost`, or `npm run live-cost -- PAIRS`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { launchBrowser, openPage } from '../bench/tests/fixtures/helpers/browser.ts';
import { readingsOf, type Readings } from '../bench/metrics/metric.ts';
import { inspectedMetrics } from '../bench/metrics/metrics.ts';
import { overRounds } from '../bench/metrics/over-rounds.ts';
import { spreadOf } from '../bench/metrics/summary.ts';
import type { LiveCostProof } from '../bench/proofs/live-cost.ts';
import { readResult } from '../bench/report/read-result.ts';
import { valueOf } from '../bench/scenario/complaint.ts';
import { randomFrom } from '../bench/statistics/random.ts';
import { bootstrapInterval } from '../bench/statistics/bootstrap.ts';
import { keepProof } from './keep-proof.ts';

const pairs = Number(process.argv[2] ?? 9);
const roundsOfEach = 2;
const scratch = mkdtempSync(join(tmpdir(), 'ssebench-'));
const random = randomFrom(1);

/** @returns the valid rounds */
async function measure(name: string, browser: Browser | undefined): Promise<Readings[]> {
  const out = join(scratch, name);
  const args = [
    'bench/cli.ts',
    'run',
    'express',
    '--rounds',
    String(roundsOfEach),
    '--out',
    out,
    ...(browser ? ['--live'] : []),
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const exited = once(child, 'exit');
  for await (const line of createInterface({ input: child.stderr })) {
    const url = /^Live at (\S+)/.exec(line)?.[1];
    if (browser && url !== undefined) await openPage(browser, url);
  }
  await exited;
  for (const context of browser?.contexts() ?? []) await context.close();
  const result = valueOf(readResult(out), name);
  return result.rounds.flatMap((round) =>
    round.state === 'measured' && round.doubts.length === 0 ? [readingsOf(round)] : [],
  );
}

const browser = await launchBrowser();
const all: { watched: Readings[]; alone: Readings[] }[] = [];
for (let pair = 1; pair <= pairs; pair++) {
  const watchedFirst = random() < 0.5;
  const first = await measure(`${pair}-first`, watchedFirst ? browser : undefined);
  const second = await measure(`${pair}-second`, watchedFirst ? undefined : browser);
  all.push(watchedFirst ? { watched: first, alone: second } : { watched: second, alone: first });
  console.log(
    `${pair} of ${pairs}: ${first.length + second.length} of ${2 * roundsOfEach} rounds are valid`,
  );
}
await browser.close();
rmSync(scratch, { recursive: true });

const rows = inspectedMetrics.map((metric): LiveCostProof['rows'][number] => {
  const ratios = all.flatMap(({ watched, alone }) => {
    const [one, other] = [overRounds(metric, watched), overRounds(metric, alone)];
    return one && other ? [one.together(one.rounds) / other.together(other.rounds)] : [];
  });
  const median = (drawn: readonly number[]) => spreadOf(drawn)!.median;
  return {
    what: metric.label,
    pairs: ratios.length,
    ratio: median(ratios),
    ...bootstrapInterval([ratios], (drawn) => median(drawn as number[]), { random }),
  };
});
const invalid = (which: 'watched' | 'alone') =>
  pairs * roundsOfEach - all.reduce((sum, pair) => sum + pair[which].length, 0);
keepProof('live-cost', `npm run live-cost${pairs === 9 ? '' : ` -- ${pairs}`}`, {
  rounds: pairs * roundsOfEach,
  invalidWatched: invalid('watched'),
  invalidAlone: invalid('alone'),
  rows,
});
console.table(rows);
