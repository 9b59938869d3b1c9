/** Whether two results may be compared: only where nothing but the servers' own doing can make the difference. Pure. */
import type { RunResult } from '../result/run-result.ts';

/** How often, in which order, and by what name, does not change what is measured. */
const ofNoMatter = new Set(['preset', 'rounds', 'seed']);

/** What of the environment must be alike: the machine and the versions. The commit may differ, since that is what is compared. */
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

/** What of a run decides whether it compares with another; known before it begins. */
export type Conditions = Pick<RunResult, 'scenario' | 'environment'>;

/** @returns every difference, as `machine, cores: 2 and 4`; none where the two may be compared */
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
    ...(isSearch ? ['load: that of a search is another for each server'] : []),
    ...[...names]
      .filter((name) => !ofNoMatter.has(name))
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

/** The same text for the same fields, in whatever order they were named. */
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
 * Which server is compared with which: namesakes; or, where there are none, the only one of each result.
 *
 * @returns none where that says nothing
 */
export function pairsOf(
  { targets: before }: Pick<RunResult, 'targets'>,
  { targets: after }: Pick<RunResult, 'targets'>,
): [string, string][] {
  const both = before.filter((server) => after.includes(server));
  if (both.length > 0) return both.map((server) => [server, server]);
  return before.length === 1 && after.length === 1 ? [[before[0]!, after[0]!]] : [];
}
