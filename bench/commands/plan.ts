/** `ssebench run --plan`: prints what would be measured, without loading the code that measures. */
import { relative } from 'node:path';
import { jsonText } from '../report/shared/escape.ts';
import { planReport } from '../report/terminal/run-plan.ts';
import { orderOfRounds } from '../run/order-of-rounds.ts';
import { generatorsUnder } from '../run/round/generators.ts';
import { processInWords } from '../scenario/own-servers/in-words.ts';
import { expectedMs, runningUrls } from '../scenario/scenario.ts';
import type { CommandRequest, RunCommandWords } from './run-request.ts';
import type { Terminal } from './terminal.ts';

/** Prints the plan of a run. */
export function showPlan(
  {
    head,
    notes,
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
  const processes = serversUnderTest.flatMap((server) =>
    server.kind === 'url' ? [{ server: server.name, how: processInWords(server.process) }] : [],
  );
  const plan = {
    head,
    notes,
    processes,
    probed,
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
