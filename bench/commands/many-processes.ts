/** The note before a run whose streams need several processes or local addresses. */
import { localAddressesOf } from '../run/round/task.ts';
import { generatorsUnder } from '../run/round/generators.ts';
import type { MachineLimits } from '../scenario/limits.ts';
import type { Scenario, ServerUnderTest } from '../scenario/scenario.ts';
import { plainRequest } from '../scenario/request-options.ts';
import type { Placement } from '../system/cores.ts';

/** @returns one note if a reference server has several processes, or the load several addresses */
export function manyProcessesInWords(
  scenario: Scenario,
  serversUnderTest: readonly ServerUnderTest[],
  limits: MachineLimits,
  cores: Placement | undefined,
): string[] {
  if (!serversUnderTest.some(({ kind }) => kind === 'reference')) return [];
  const { serverProcesses } = scenario;
  const addresses = localAddressesOf(scenario, plainRequest, '127.0.0.1', limits);
  if (serverProcesses === 1 && addresses.length === 1) return [];
  const generators = generatorsUnder(scenario, limits, cores);
  return [
    [
      `Each server has ${counted(serverProcesses, 'process', 'processes')} on one port`,
      ...(generators > 0 ? [`the load has ${counted(generators, 'generator', 'generators')}`] : []),
      ...(addresses.length > 1
        ? [`its ports are on ${addresses.length} addresses, ${addresses[0]} to ${addresses.at(-1)}`]
        : []),
    ].join('; ') + `. One process may open ${limits.descriptors} file descriptors.`,
  ];
}

const counted = (count: number, one: string, several: string) =>
  `${count} ${count === 1 ? one : several}`;
