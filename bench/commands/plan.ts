/** `ssebench run --plan`: prints what would be measured, without loading the code that measures. */
import { relative } from 'node:path';
import { jsonText } from '../report/shared/escape.ts';
import { planReport } from '../report/terminal/run-plan.ts';
import { orderOfRounds } from '../run/order-of-rounds.ts';
import { generatorsUnder } from '../run/round/generators.ts';
import { describeEvents, describeRequest } from '../scenario/describe-request.ts';
import { processInWords } from '../scenario/own-servers/in-words.ts';
import { eventsOf } from '../scenario/server-settings.ts';
import { bytesForTls } from '../scenario/memory-room.ts';
import {
  expectedMs,
  runningUrls,
  type Scenario,
  type ServerUnderTest,
} from '../scenario/scenario.ts';
import { anyUsesTls, openingCpuMs } from '../scenario/tls-cost.ts';
import { remoteLoadInWords } from './remote-load.ts';
import type { RunCommandWords } from './run-command-words.ts';
import type { CommandRequest } from './run-request.ts';
import type { Terminal } from './terminal.ts';

/** Prints the plan of a run. */
export function showPlan(
  {
    head,
    firstNotes,
    notes,
    remote,
    scenario,
    serversUnderTest,
    limits,
    cores,
    leakCheck,
    folder,
    configFile,
    baseline,
    failOn,
    saveBaseline,
  }: CommandRequest,
  { json, probe }: RunCommandWords,
  terminal: Terminal,
): void {
  const order = orderOfRounds(serversUnderTest, scenario.rounds, scenario.seed).map(
    ({ serverUnderTest, round }) => ({
      server: serverUnderTest.name,
      round,
    }),
  );
  const probed = probe ? runningUrls(serversUnderTest).map(({ name }) => name) : [];
  const urls = serversUnderTest.filter((server) => server.kind === 'url');
  const processes = urls.map(({ name, process }) => ({
    server: name,
    how: processInWords(process),
  }));
  const requests = urls.map((server) => ({
    server: server.name,
    lines: [
      ...describeRequest(server.request, server.url),
      ...describeEvents(eventsOf(server, scenario)),
    ],
  }));
  const plan = {
    head,
    notes: [
      ...(remote.hosts.length > 0 ? [remoteLoadInWords(remote.hosts, scenario)] : []),
      ...firstNotes,
      ...notes,
    ],
    processes,
    probed,
    requests,
    tls: tlsCost(scenario, serversUnderTest),
    order,
    generators: generatorsUnder(scenario, limits, cores),
    expectedMs: expectedMs(scenario, serversUnderTest.length),
    leakCheck,
    folder: relative('.', folder),
    configFile,
    baseline: baseline?.name ?? null,
    failOn,
    saveBaseline,
  };
  terminal.print(json ? jsonText(plan) : planReport(plan));
}

function tlsCost(scenario: Scenario, serversUnderTest: readonly ServerUnderTest[]) {
  if (!anyUsesTls(serversUnderTest)) return null;
  const { streams: paced, quietStreams, slowReaders, remainingStreams } = scenario;
  const streams = paced + quietStreams + slowReaders + remainingStreams;
  return { streams, cpuMs: streams * openingCpuMs, bytes: bytesForTls(serversUnderTest, streams) };
}
