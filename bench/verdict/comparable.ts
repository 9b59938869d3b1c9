/**
 * Decides whether two results may be compared: only if nothing but the servers themselves can cause
 * a difference. Pure.
 */
import type { RunResult } from '../result/run-result.ts';

/**
 * The name of the scenario, the number of rounds and their order do not change what is measured.
 */
const irrelevantFields = new Set(['name', 'rounds', 'seed']);

/**
 * Parts of the environment that must be equal: the machine and the versions. The commit may differ,
 * because it is what is compared.
 */
const environmentFields = {
  cpu: 'machine',
  cores: 'machine',
  memoryBytes: 'machine',
  platform: 'machine',
  kernel: 'machine',
  descriptors: 'limits',
  placement: 'cores',
  node: 'version',
  ssebench: 'version',
} as const satisfies Partial<Record<keyof RunResult['environment'], string>>;

/**
 * The conditions of a run that decide whether it can be compared with another. They are known
 * before it starts.
 */
export type Conditions = Pick<RunResult, 'scenario' | 'environment'>;

/**
 * @returns every difference, such as `machine, cores: 2 and 4`; empty if the two may be compared
 */
export function differences(baseline: Conditions, candidate: Conditions): string[] {
  const differ = (what: string, before: unknown, after: unknown) => {
    const [one, other] = [before, after].map((value) =>
      typeof value === 'string' ? value : inOrder(value),
    );
    return one === other ? [] : [`${what}: ${one ?? 'none'} and ${other ?? 'none'}`];
  };
  const names = new Set([
    ...Object.keys(baseline.scenario),
    ...Object.keys(candidate.scenario),
  ] as (keyof RunResult['scenario'])[]);
  const packages = Object.keys(baseline.environment.packages).filter((name) =>
    Object.hasOwn(candidate.environment.packages, name),
  );
  const isSearch = [baseline, candidate].some(({ scenario }) => scenario.load.kind === 'search');
  return [
    ...(isSearch ? ['load: a search measures each server under its own load'] : []),
    ...[...names]
      .filter((name) => !irrelevantFields.has(name))
      .flatMap((name) =>
        differ(`scenario, ${name}`, baseline.scenario[name], candidate.scenario[name]),
      ),
    ...Object.entries(environmentFields).flatMap(([name, kind]) => {
      const field = name as keyof typeof environmentFields;
      return differ(`${kind}, ${name}`, baseline.environment[field], candidate.environment[field]);
    }),
    ...packages.flatMap((name) =>
      differ(
        `version, ${name}`,
        baseline.environment.packages[name],
        candidate.environment.packages[name],
      ),
    ),
  ];
}

/** The same text for the same fields, regardless of their order. */
function inOrder(value: unknown): string | undefined {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return JSON.stringify(
    isObject
      ? Object.fromEntries(
          Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)),
        )
      : value,
  );
}

/**
 * Pairs the servers of two results: by name, or, if no name matches, the only server of each
 * result.
 *
 * @returns the pairs; empty if neither rule applies
 */
export function pairsOf(
  { servers: before }: Pick<RunResult, 'servers'>,
  { servers: after }: Pick<RunResult, 'servers'>,
): [string, string][] {
  const both = before.filter((server) => after.includes(server));
  if (both.length > 0) return both.map((server) => [server, server]);
  return before.length === 1 && after.length === 1 ? [[before[0]!, after[0]!]] : [];
}
