/** The note before a run whose streams need several processes or local addresses. */
import { generatorsUnder } from '../run/round/generators.ts';
import { localAddressesOf } from '../run/round/task.ts';
import type { MachineLimits } from '../scenario/limits.ts';
import type { Scenario, ServerUnderTest } from '../scenario/scenario.ts';
import { requestOf } from '../scenario/server-settings.ts';
import type { Placement } from '../system/cores.ts';

/** @returns one note if a reference server has several processes, or the load several addresses */
export function manyProcessesInWords(
  scenario: Scenario,
  serversUnderTest: readonly ServerUnderTest[],
  limits: MachineLimits,
  cores: Placement | undefined,
): string[] {
  const { serverProcesses } = scenario;
  const addresses = serversUnderTest
    .map((server) => {
      const host = server.kind === 'url' ? new URL(server.url).hostname : '127.0.0.1';
      return localAddressesOf(scenario, requestOf(server, scenario), host, limits);
    })
    .toSorted((a, b) => b.length - a.length)[0]!;
  if (serverProcesses === 1 && addresses.length === 1) return [];
  const generators = generatorsUnder(scenario, limits, cores);
  const parts = [
    ...(serverProcesses > 1
      ? [`each reference server has ${serverProcesses} processes on one port`]
      : []),
    ...(generators > 0
      ? [`the load has ${generators} ${generators === 1 ? 'generator' : 'generators'}`]
      : []),
    ...(addresses.length > 1
      ? [`it connects from ${addresses.length} addresses, ${addresses[0]} to ${addresses.at(-1)}`]
      : []),
  ].join('; ');
  const limit = Number.isFinite(limits.descriptors)
    ? ` One process may open ${limits.descriptors} file descriptors.`
    : '';
  return [`${parts[0]!.toUpperCase()}${parts.slice(1)}.${limit}`];
}
