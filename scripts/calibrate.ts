/**
 * Records sixty rounds of a server, and of the same server with 10 % and 20 % more CPU time per
 * event. Then draws comparisons from them to find how often they are right: `npm run calibrate`.
 * With `-- --urls`, the servers are measured from outside, and send their headers 10 % and 20 %
 * later. With `-- --again` it uses the rounds recorded last. With `-- --rounds 12` it records fewer,
 * which is no proof.
 */
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { environment } from '../bench/run/environment.ts';
import { moveToCores } from '../bench/system/launch.ts';
import { inspectedMetrics, primaryMetrics } from '../bench/metrics/metrics.ts';
import type { CalibrationProof } from '../bench/proofs/calibration.ts';
import { formatRoughly, inALine } from '../bench/report/shared/format.ts';
import { roundLine } from '../bench/report/terminal/progress.ts';
import { schemaVersion, type RunResult } from '../bench/result/run-result.ts';
import { run, runContext } from '../bench/run/run.ts';
import { readResult } from '../bench/report/read-result.ts';
import { saveResult } from '../bench/report/save.ts';
import { randomFrom } from '../bench/statistics/random.ts';
import { valueOf } from '../bench/scenario/complaint.ts';
import { noEventOptions } from '../bench/scenario/event-options.ts';
import {
  completeScenario,
  expectedMs,
  fromOutside,
  type ServerUnderTest,
} from '../bench/scenario/scenario.ts';
import { placement } from '../bench/system/cores.ts';
import { machineLimits } from '../bench/system/machine-limits.ts';
import { startServer, type RunningServer } from '../bench/under-test/server.ts';
import { calibrate } from '../bench/verdict/calibration.ts';
import { findingsOf } from '../bench/verdict/findings.ts';
import { leastRounds } from '../bench/verdict/metric-comparison.ts';
import { keepProof } from './keep-proof.ts';

const { values: given } = parseArgs({
  options: {
    urls: { type: 'boolean', default: false },
    again: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '60' },
  },
});
const proofName = given.urls ? 'calibration-urls' : 'calibration';
const rounds = Number(given.rounds);
if (!Number.isInteger(rounds) || rounds < 2 * leastRounds)
  throw new Error(
    `--rounds ${given.rounds}: must be a whole number from ${2 * leastRounds}, because a comparison draws ${leastRounds} rounds for each side; leave it out for a proof`,
  );
const folder = fileURLToPath(new URL(`../results/${proofName}`, import.meta.url));
const base = given.urls ? 'a URL' : 'express';
const [plain, tenth, fifth] = [base, `${base} + 10 %`, `${base} + 20 %`] as const;
const fixture = (name: string) =>
  fileURLToPath(new URL(`../bench/tests/fixtures/servers/${name}.ts`, import.meta.url));
const files = {
  [plain]: 'costs-nothing-more',
  [tenth]: 'costs-a-tenth-more',
  [fifth]: 'costs-a-fifth-more',
};
/** How late each server behind a URL sends its headers. Timers count in whole milliseconds. */
const lateMs = { [plain]: 20, [tenth]: 22, [fifth]: 24 };
const intervalMs = 100;
const usualPhases = { rampMs: undefined, warmUpMs: undefined, durationMs: undefined };
/** A hundred streams need little time, and there are sixty rounds of three URLs. */
const shortPhases = { rampMs: 300, warmUpMs: 300, durationMs: 1_200 };
/** The metrics that decide, and the one in which the servers differ. */
const metrics = given.urls
  ? primaryMetrics.filter(({ needs }) => !needs?.includes('process'))
  : inspectedMetrics;
const differing = given.urls ? 'headers.p50' : 'cpu';
const comparisons = 1_000;
/** With this many rounds, a difference of 20 % must be found. */
const enoughRounds = 12;

/** Each server behind a URL has a process of its own, which runs during the whole recording. */
async function startUrls(cores: readonly number[] | undefined) {
  const started: RunningServer[] = [];
  const serversUnderTest: ServerUnderTest[] = [];
  for (const [name, late] of Object.entries(lateMs)) {
    const server = await startServer(fixture('answers-late'), cores);
    started.push(server);
    const url = `${server.origin}/event?interval=${intervalMs}&stamp&late=${late}`;
    serversUnderTest.push(fromOutside(name, url, intervalMs));
  }
  return { serversUnderTest, stop: () => Promise.all(started.map((server) => server.stop())) };
}

async function record(): Promise<RunResult> {
  const [limits, cores] = [machineLimits(), placement()];
  const { serversUnderTest, stop } = given.urls
    ? await startUrls(cores?.server)
    : {
        serversUnderTest: Object.entries(files).map(([name, file]): ServerUnderTest => ({
          kind: 'reference',
          name,
          file: fixture(file),
        })),
        stop: async () => [],
      };
  const scenario = completeScenario(
    {
      name: null,
      load: { kind: 'steady' },
      streams: given.urls ? 100 : 1000,
      quietStreams: given.urls ? 0 : 200,
      intervalMs,
      payloadBytes: 0,
      ticker: 'own',
      serverProcesses: 1,
      transport: 'socket',
      streamsPerConnection: null,
      slowReaders: 0,
      remainingStreams: 0,
      slowBytesPerSecond: 0,
      seed: 1,
      reconnect: null,
      disconnect: 'fin',
      headers: {},
      events: noEventOptions,
      rounds,
      ...(given.urls ? shortPhases : usualPhases),
    },
    serversUnderTest,
  );
  const names = serversUnderTest.map(({ name }) => name);
  const head: RunResult = {
    schemaVersion,
    status: 'partial',
    name: proofName,
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
  const about = formatRoughly(expectedMs(scenario, names.length));
  console.log(`Recording ${scenario.rounds} rounds of ${inALine(names)}: about ${about}.`);
  const context = runContext(scenario, limits, cores, new AbortController().signal);
  const total = serversUnderTest.length * scenario.rounds;
  const result = await run(head, serversUnderTest, context, {
    onPosition() {},
    onRound(round, sofar) {
      console.log(roundLine(round, sofar.rounds.length, total));
      if (round.round % 10 === 0) saveResult(folder, sofar, findingsOf(sofar));
    },
  }).finally(stop);
  saveResult(folder, result, findingsOf(result));
  return result;
}

const result = given.again ? valueOf(readResult(folder), relative('.', folder)) : await record();
const { servers } = findingsOf(result);
const recorded = (name: string) => servers.find(({ server }) => server === name)!.readings;
const fewest = Math.min(...[plain, tenth, fifth].map((name) => recorded(name).length));
const sizes = [leastRounds, enoughRounds].filter((size) => fewest >= 2 * size);
if (result.status !== 'complete' || sizes.length === 0)
  throw new Error(
    `the recording is incomplete: a server has ${fewest} valid rounds, and ${2 * leastRounds} are needed; run it again on an idle machine, without --again`,
  );
console.log(`Drawing ${comparisons} comparisons of each pair: about 2 min.`);
const rows: CalibrationProof['rows'] = sizes.flatMap((size) =>
  [plain, tenth, fifth].map((server) => ({
    against: server === plain ? 'itself' : server,
    rounds: size,
    ...calibrate(metrics, recorded(plain), recorded(server), {
      comparisons,
      rounds: size,
      random: randomFrom(1),
    }),
  })),
);
if (sizes.includes(enoughRounds))
  keepProof(proofName, `npm run calibrate${given.urls ? ' -- --urls' : ''}`, {
    recorded: fewest,
    comparisons,
    rows,
  });
for (const { against, rounds: size, different, metrics: verdicts } of rows)
  console.log(
    `${plain} and ${against}, ${size} rounds: ${different} of ${comparisons} different`,
    verdicts,
  );
const kept = rows.every(({ against, rounds: size, different, metrics: verdicts }) => {
  if (against === 'itself') return different <= 0.05 * comparisons;
  return (
    against === tenth || size < enoughRounds || verdicts[differing]!.worse >= 0.95 * comparisons
  );
});
if (!kept) process.exitCode = 1;
