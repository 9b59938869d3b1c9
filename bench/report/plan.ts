/** What a run would do, for whoever asks before it is done. */
import type { RunResult } from '../result.ts';
import { formatRoughly, printable } from './format.ts';
import { describeScenario } from './words.ts';

export interface RunPlan {
  head: Pick<RunResult, 'scenario' | 'targets' | 'against' | 'expect' | 'command'>;
  /** The server of each round of measuring, one after the other. */
  order: readonly { server: string; round: number }[];
  generators: number;
  expectedMs: number;
  folder: string;
  configFile: string | null;
  baseline: string | null;
}

export function planReport({ head, order, generators, expectedMs, folder, configFile, baseline }: RunPlan): string {
  const rounds = [...Map.groupBy(order, ({ round }) => round)].map(([round, same]) => `  ${round}: ${printable(same.map(({ server }) => server).join(', '))}`);
  return [
    `Scenario: ${describeScenario(head.scenario)}; seed ${head.scenario.seed}`,
    ...(configFile === null ? [] : [`Scenario file: ${printable(configFile)}`]),
    `Generators: ${generators === 1 ? 'one process' : `${generators} processes`}`,
    'Rounds:',
    ...rounds,
    ...(head.against === null ? [] : [`Compared with: ${printable(head.against)}`]),
    ...(baseline === null ? [] : [`Compared with the baseline: ${baseline}`]),
    ...head.expect.map((text) => `Expected: ${printable(text)}`),
    `Result: ${printable(folder)}`,
    `Time: about ${formatRoughly(expectedMs)}`,
    `Repeat it with: ${printable(head.command)}`,
  ].join('\n');
}
