/**
 * Records sixty rounds of a server, and of the same server with 10 % and 20 % more CPU time per
 * event. Then draws comparisons from them to find how often they are right: `npm run calibrate`.
 * With `-- --again` it uses the rounds recorded last.
 */
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { environment } from '../bench/run/environment.ts';
import { moveToCores } from '../bench/system/launch.ts';
import { inspectedMetrics } from '../bench/metrics/metrics.ts';
import type { CalibrationProof } from '../bench/proofs/calibration.ts';
import { roundLine } from '../bench/report/terminal/progress.ts';
import { schemaVersion, type RunResult } from '../bench/result/run-result.ts';
import { run, runContext } from '../bench/run/run.ts';
import { readResult } from '../bench/report/read-result.ts';
import { saveResult } from '../bench/report/save.ts';
import { randomFrom } from '../bench/statistics/random.ts';
import { valueOf } from '../bench/scenario/complaint.ts';
import { noEventOptions } from '../bench/scenario/event-options.ts';
import { completeScenario } from '../bench/scenario/scenario.ts';
import { placement } from '../bench/system/cores.ts';
import { machineLimits } from '../bench/system/machine-limits.ts';
import { calibrate } from '../bench/verdict/calibration.ts';
import { findingsOf } from '../bench/verdict/findings.ts';
import { leastRounds } from '../bench/verdict/metric-comparison.ts';
import { keepProof } from './keep-proof.ts';

const folder = fileURLToPath(new URL('../results/calibration', import.meta.url));
const [plain, tenth, fifth] = ['express', 'express + 10 %', 'express + 20 %'] as const;
const files = {
  [plain]: 'costs-nothing-more',
  [tenth]: 'costs-a-tenth-more',
  [fifth]: 'costs-a-fifth-more',
};
const comparisons = 1_000;
/** With this many rounds, a difference of 20 % must be found. */
const enoughRounds = 12;

async function record(): Promise<RunResult> {
  const serversUnderTest = Object.entries(files).map(([name, file]) => ({
    kind: 'reference' as const,
    name,
    file: fileURLToPath(new URL(`../bench/tests/fixtures/servers/${file}.ts`, import.meta.url)),
  }));
  const scenario = completeScenario({
    name: null,
    load: { kind: 'steady' },
    streams: 1000,
    quietStreams: 200,
    intervalMs: 100,
    payloadBytes: 0,
    ticker: 'own',
    slowReaders: 0,
    remainingStreams: 0,
    slowBytesPerSecond: 0,
    seed: 1,
    reconnect: null,
    disconnect: 'fin',
    headers: {},
    events: noEventOptions,
    rounds: 60,
    rampMs: undefined,
    warmUpMs: undefined,
    durationMs: undefined,
  });
  const [limits, cores] = [machineLimits(), placement()];
  const names = serversUnderTest.map(({ name }) => name);
  const head: RunResult = {
    schemaVersion,
    status: 'partial',
    name: 'calibration',
    startedAt: new Date().toISOString(),
    command: 'npm run calibrate',
    servers: names,
    against: plain,
    expect: [],
    scenario,
    environment: environment(['express'], limits, cores),
    rounds: [],
    capacity: [],
    leaks: [],
  };
  if (cores) moveToCores(cores.load);
  return run(
    head,
    serversUnderTest,
    runContext(scenario, limits, cores, new AbortController().signal),
    {
      onPosition() {},
      onRound(round, result) {
        console.log(
          roundLine(round, result.rounds.length, serversUnderTest.length * scenario.rounds),
        );
        if (round.round % 10 === 0) saveResult(folder, result, findingsOf(result));
      },
    },
  );
}

const result = process.argv.includes('--again')
  ? valueOf(readResult(folder), relative('.', folder))
  : await record();
const { servers } = findingsOf(result);
const recorded = (name: string) => servers.find(({ server }) => server === name)!.readings;
const readings = { [plain]: recorded(plain), [tenth]: recorded(tenth), [fifth]: recorded(fifth) };
const fewest = Math.min(...Object.values(readings).map(({ length }) => length));
if (result.status !== 'complete' || fewest < 2 * enoughRounds)
  throw new Error(
    `the recording is incomplete: a server has ${fewest} valid rounds, and ${2 * enoughRounds} are needed; run npm run calibrate without --again`,
  );
const rows: CalibrationProof['rows'] = [leastRounds, enoughRounds].flatMap((rounds) =>
  [plain, tenth, fifth].map((server) => ({
    against: server === plain ? 'itself' : server,
    rounds,
    ...calibrate(inspectedMetrics, readings[plain], readings[server], {
      comparisons,
      rounds,
      random: randomFrom(1),
    }),
  })),
);
keepProof('calibration', 'npm run calibrate', { recorded: fewest, comparisons, rows });
for (const { against, rounds, different, metrics } of rows)
  console.log(
    `${plain} and ${against}, ${rounds} rounds: ${different} of ${comparisons} different`,
    metrics,
  );
const kept = rows.every(({ against, rounds, different, metrics }) => {
  if (against === 'itself') return different <= 0.05 * comparisons;
  return against === tenth || rounds < enoughRounds || metrics.cpu!.worse >= 0.95 * comparisons;
});
if (!kept) process.exitCode = 1;
